namespace Cluster.Lab.Benchmarks.Reports;

/// <summary>What one process of the target used, over its rounds with their warm-ups.</summary>
/// <param name="CpuSeconds">User and system time.</param>
/// <param name="ResidentMb">Memory at the end.</param>
public sealed record ProcessReport(string Name, int Pid, double CpuSeconds, double ResidentMb);
