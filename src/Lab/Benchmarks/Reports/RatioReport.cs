namespace Cluster.Lab.Benchmarks.Reports;

/// <summary>The first target against another in the same run: over 1 throughput is better, latency and processor time worse.</summary>
/// <param name="PerSecond">Median of the ratios of the rounds that followed each other, so that a disturbance hits both sides.</param>
public sealed record RatioReport(string Name, string Peer, double PerSecond, double P50, double P99, double? ServerCpu);
