namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a breaker's sliding window slides over.</summary>
internal enum WindowKind
{
    /// <summary>The last so many calls: independent of how many calls there are.</summary>
    Count,

    /// <summary>The calls of the last while: old ones are forgotten even where few come.</summary>
    Time,
}
