namespace Cluster.Shared.Http;

/// <summary>What <c>POST /kv/{key}/cas</c> answers: 200 when it was put, 412 when not.</summary>
/// <param name="Actual">What stands there when it was not put, written as the request was (text or Base64); null for no such key.</param>
/// <param name="Revision">The key's revision now; 0 for no such key.</param>
public sealed record CompareAndSetView(bool Swapped, ulong Revision, string? Actual = null);
