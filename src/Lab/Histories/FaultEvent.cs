namespace Cluster.Lab.Histories;

/// <summary>A fault that was injected, or taken back, while the history was recorded.</summary>
/// <param name="Fault">kill, pause, resume, restart, partition, isolate, link, heal.</param>
/// <param name="Target">The node, or the nodes in the console's own syntax (<c>n1,n2 / n3</c>).</param>
/// <param name="At">When it had been carried out, in nanoseconds on the history's clock.</param>
/// <param name="Ends">Of a fault that is taken back: which one, where several may be open; null where the name alone says it.</param>
public sealed record FaultEvent(string Fault, string Target, long At, string? Ends = null);
