namespace Cluster.Lab.Workloads;

/// <summary>Operations so far.</summary>
/// <param name="Answered">The cluster served them; a compare-and-set that found another value counts, it was answered.</param>
/// <param name="Refused">The cluster said that it could not, and they had no effect.</param>
/// <param name="Unknown">Nobody knows whether they took effect.</param>
public readonly record struct WorkloadProgress(long Answered, long Refused, long Unknown);
