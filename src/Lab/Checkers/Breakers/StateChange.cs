namespace Cluster.Lab.Checkers.Breakers;

/// <summary>A change of a breaker's state, as its node tells it.</summary>
/// <param name="Number">From 1, without gaps.</param>
internal sealed record StateChange(long Number, string From, string To, long AtMs, long OpenForMs, bool ByHand);
