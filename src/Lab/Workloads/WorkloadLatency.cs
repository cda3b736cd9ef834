namespace Cluster.Lab.Workloads;

/// <summary>
/// How long operations took, of whatever outcome. In a closed loop from their call. In an open loop from when they were due, so that a cluster that stalls is charged for
/// the operations that it kept from being called (Tene's coordinated omission).
/// </summary>
/// <param name="Count">Operations measured.</param>
/// <param name="Waited">Operations of an open loop that were due while every client was at work.</param>
/// <param name="LongestWait">Of these, from when it was due until a client was free.</param>
public readonly record struct WorkloadLatency(long Count, TimeSpan Median, TimeSpan P99, TimeSpan Max, long Waited, TimeSpan LongestWait);
