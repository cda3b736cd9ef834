namespace Cluster.Modes.CircuitBreaker;

/// <summary>A request of a <see cref="BackendCore"/> is over.</summary>
/// <param name="Seq">The request's number.</param>
/// <param name="Reply">Null where its caller no longer waits.</param>
internal sealed record BackendEffect(long Seq, Invoked? Reply);
