namespace Cluster.Modes.CircuitBreaker;

/// <summary>How an attempt ended, as a breaker counts it.</summary>
internal enum CallEnd
{
    Answered,

    /// <summary>An error of the dependency, or no answer in time.</summary>
    Failed,

    /// <summary>It says nothing about the dependency: its caller gave up before the timeout. Of a probe it counts as failed.</summary>
    Ignored,
}
