namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>What one run came to.</summary>
/// <param name="Completed">Orders that every step of was done.</param>
/// <param name="Latency">Of an order, from the request to the answer that says how it ended.</param>
public sealed record SagaResult(long Completed, TimeSpan Time, LatencyHistogram Latency);
