namespace Cluster.Node.Resp.Protocol;

/// <summary>Where one argument stands inside its command's bytes.</summary>
internal readonly record struct ArgumentRange(int Start, int Length);
