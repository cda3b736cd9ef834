namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a <see cref="CallerPool{T}"/> says to a call.</summary>
internal enum Admission
{
    Begins,
    Waits,
    Refused,
}
