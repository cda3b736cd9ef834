namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>Where a connection of the load generator stands.</summary>
internal enum ConnectionState
{
    /// <summary>There is none; it is tried again after a back-off.</summary>
    Down,

    /// <summary>Under way, or its greeting has no answer yet.</summary>
    Connecting,

    Up,
}
