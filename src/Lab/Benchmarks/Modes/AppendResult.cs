
namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>What one run came to.</summary>
/// <param name="Read">Records that consumers have read.</param>
/// <param name="Append">From when an append was due to its acknowledgement.</param>
/// <param name="EndToEnd">From when an append was due until a consumer had its first record.</param>
public sealed record AppendResult(long Read, TimeSpan Time, LatencyHistogram Append, LatencyHistogram EndToEnd);
