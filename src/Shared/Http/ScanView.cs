namespace Cluster.Shared.Http;

/// <summary>What <c>GET /kv</c> answers: keys in byte order over all shards.</summary>
/// <param name="Next">What to give as <c>after</c> for the next page; null when there is none.</param>
public sealed record ScanView(IReadOnlyList<ScanEntryView> Entries, string? Next);

/// <summary>One key.</summary>
/// <param name="Key">As text; bytes that are no UTF-8 show as U+FFFD.</param>
/// <param name="Path">Where it is: the key percent-encoded, byte for byte.</param>
/// <param name="ExpiresAt">When it expires; null for never.</param>
public sealed record ScanEntryView(string Key, string Path, ulong Revision, DateTimeOffset? ExpiresAt);
