namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a dependency answered once.</summary>
/// <param name="Life">Which life of the dependency said so.</param>
/// <param name="AskedAt">When it was asked, not when it answered: the value was current at some instant since.</param>
internal readonly record struct KnownValue(long Value, string Life, TimeSpan AskedAt);
