using Cluster.Engine.Consensus;

namespace Cluster.Engine.Replication;

/// <summary>Bounds and cadences of the replicas on one node.</summary>
public sealed record ReplicationOptions
{
    /// <summary>Timeouts and bounds of every Raft group.</summary>
    public RaftOptions Raft { get; init; } = new();

    /// <summary>How often every group looks at the time. Three ticks to a heartbeat; all groups tick at once, so that their heartbeats travel together.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Log kept in memory for a group before a snapshot is taken and the log cut: enough for a follower to fall behind by seconds without needing the snapshot.</summary>
    public long SnapshotAfterLogBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Log kept in memory by all groups of a node together before snapshots are taken: each group has its share. With 64 groups of 8 MB each a burst of writes held
    /// a gigabyte; a snapshot more often is cheap, since with many groups each is small.
    /// </summary>
    public long LogMemoryBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>A group's share of <see cref="LogMemoryBytes"/> is never less: below it snapshots would cost more than the log that they end.</summary>
    public long LogShareBytesMin { get; init; } = 1024 * 1024;

    /// <summary>Pause after a snapshot that could not be written: each try writes the whole state.</summary>
    public TimeSpan SnapshotRetryPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long nothing must have been applied before the state's hash is made for whoever looks: it is made of all that has changed, so under load it would cost more than the load.</summary>
    public TimeSpan HashAfterQuiet { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Pause between two looks for keys past their expiry.</summary>
    public TimeSpan ExpiryInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most keys expired by one log entry, so that expiry never holds up a shard.</summary>
    public int ExpiryBatch { get; init; } = 256;

    /// <summary>Requests held while a new leader waits for its first commit; more are refused as overloaded.</summary>
    public int MaxHeldRequests { get; init; } = 10_000;

    /// <summary>How often a leader looks whether its group is as the control plane wishes.</summary>
    public TimeSpan ReconcileInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A replica this many entries behind counts as caught up: it needs less than a heartbeat for them.</summary>
    public ulong CaughtUpWithin { get; init; } = 256;

    /// <summary>Size of a snapshot piece on the bulk connection, in bytes.</summary>
    public int SnapshotChunkBytes { get; init; } = 256 * 1024;

    /// <summary>A snapshot piece that was not acknowledged for this long is sent again: it, or the answer, was lost with a connection.</summary>
    public TimeSpan SnapshotResend { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A snapshot transfer without progress for this long is given up, and begun again when Raft asks for it.</summary>
    public TimeSpan SnapshotStall { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A planted flaw: any replica answers any read from what it has applied.</summary>
    internal bool DirtyReads { get; init; }
}
