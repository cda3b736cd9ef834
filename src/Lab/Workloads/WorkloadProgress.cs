namespace Cluster.Lab.Workloads;

/// <summary>Operations so far.</summary>
/// <param name="Answered">The cluster served them; a compare-and-set that found another value counts, it was answered.</param>
/// <param name="Refused">The cluster said that it could not, and they had no effect.</param>
/// <param name="Unknown">Nobody knows whether they took effect.</param>
/// <param name="SentAgain">Requests that a node ending in good order did not answer, and another one did; each counts once above.</param>
public readonly record struct WorkloadProgress(long Answered, long Refused, long Unknown, long SentAgain = 0)
{
    /// <summary>Both together.</summary>
    public static WorkloadProgress operator +(WorkloadProgress a, WorkloadProgress b) =>
        new(a.Answered + b.Answered, a.Refused + b.Refused, a.Unknown + b.Unknown, a.SentAgain + b.SentAgain);
}
