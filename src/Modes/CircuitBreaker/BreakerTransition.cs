namespace Cluster.Modes.CircuitBreaker;

/// <summary>One change of a breaker's state.</summary>
/// <param name="Number">From 1; also the generation of the new state.</param>
/// <param name="AtMs">On its node's monotonic clock.</param>
/// <param name="OpenForMs">Of an opening: its interval. 0 where it is open until somebody resets it, and for other changes.</param>
/// <param name="ByHand">Whether somebody ordered it, rather than calls having shown it.</param>
internal sealed record BreakerTransition(long Number, BreakerState From, BreakerState To, long AtMs, string Why, long OpenForMs, bool ByHand);
