namespace Cluster.Modes.CircuitBreaker;

/// <summary>A breaker's word on one call. What is allowed must be given back to <see cref="BreakerCore.Ended"/>, however it ends.</summary>
/// <param name="Generation">The breaker's state then, by number: what ends in a later one says nothing any more of the present.</param>
/// <param name="RetryAfter">Of a refusal: the earliest time at which asking again may help.</param>
internal readonly record struct BreakerPermit(bool IsAllowed, long Generation, bool IsProbe, TimeSpan RetryAfter);
