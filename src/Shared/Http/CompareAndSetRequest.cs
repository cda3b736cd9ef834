namespace Cluster.Shared.Http;

/// <summary>What <c>POST /kv/{key}/cas</c> takes: put <paramref name="Value"/> if the key's value is <paramref name="Expected"/>.</summary>
/// <param name="Expected">Null: the key must not be there.</param>
/// <param name="Base64">Whether both are Base64 of bytes rather than text.</param>
public sealed record CompareAndSetRequest(string? Expected, string Value, bool Base64 = false);
