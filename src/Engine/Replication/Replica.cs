using Cluster.Engine.Consensus;
using Cluster.Engine.Sharding;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Replication;

/// <summary>One group's replica on this node: its Raft core, its state machine, and the callers who wait for either. Touched only by the <see cref="ReplicaHostActor"/>.</summary>
internal sealed class Replica(ShardId group, RaftCore core, ShardMachine machine, LogIndex applied)
{
    public ShardId Group { get; } = group;

    public RaftCore Core { get; } = core;

    /// <summary>The state as of <see cref="Applied"/>. Replaced whole when a snapshot from the leader is taken over.</summary>
    public ShardMachine Machine { get; set; } = machine;

    public LogIndex Applied { get; set; } = applied;

    /// <summary>
    /// Whether commands can be decided here and now: this replica leads and has applied its term's first entry. Before that, a decision could miss entries
    /// of earlier terms that are about to commit.
    /// </summary>
    public bool Serves => Core.Role == RaftRole.Leader && Applied >= Core.TermStart;

    /// <summary>Writes in the log, by rising index, whose callers wait for the commit.</summary>
    public Queue<PendingWrite> Writes { get; } = [];

    /// <summary>Reads that wait for a majority to confirm this leader, by read id.</summary>
    public Dictionary<ulong, PendingRead> Reads { get; } = [];

    /// <summary>Confirmed reads that wait for the state to reach their index.</summary>
    public List<PendingRead> ReadsToApply { get; } = [];

    /// <summary>Requests that came before this new leader's first commit.</summary>
    public Queue<HeldRequest> Held { get; } = [];

    /// <summary>Whether the core may have effects to take.</summary>
    public bool Dirty { get; set; }

    /// <summary>Whether anything has happened to it since the last tick, that views may have to be told.</summary>
    public bool Touched { get; set; }

    /// <summary>What was applied when somebody last looked, and since when it is so; null once the state's hash was posted.</summary>
    public (LogIndex Applied, TimeSpan Since)? Quiet { get; set; } = (applied, TimeSpan.Zero);

    /// <summary>The last log batch that carries something of this group.</summary>
    public long LastWalBatch { get; set; }

    /// <summary>The newest durable snapshot on this disk.</summary>
    public LogIndex SnapshotIndex { get; set; } = applied;

    /// <summary>Whether a snapshot is being written.</summary>
    public bool Snapshotting { get; set; }

    /// <summary>The leader, its term, and who it hands over to, that this node's front doors were told last.</summary>
    public (NodeId Leader, Term Term, NodeId Successor) Announced { get; set; }

    /// <summary>Before then no snapshot is tried: the last try failed.</summary>
    public TimeSpan NextSnapshot { get; set; }

    /// <summary>Whether this replica has been given up, and what it left on disk is not gone yet: it takes no part in its group until then.</summary>
    public bool Vacating { get; set; }

    /// <summary>Whether another object stands in this one's place: what its writes and snapshots bring about concerns nobody any more.</summary>
    public bool Gone { get; set; }

    /// <summary>Moves of this group that have begun while it was led here and have not ended.</summary>
    public List<OpenMove> Moves { get; } = [];

    /// <summary>Whether the next step of a change may be due with the next tick, rather than with the next regular look.</summary>
    public bool OnTheMove { get; set; }

    /// <summary>The last entry that a leader counts on and this disk does not have, as told; null when nothing is missing.</summary>
    public LogIndex? Missing { get; set; }

    /// <summary>A machine restored from a leader's snapshot, waiting for the core to accept it.</summary>
    public (SnapshotMeta Meta, ShardMachine Machine)? Arrived { get; set; }
}

/// <summary>Who waits: a front door's proxy, and the number by which it knows its request.</summary>
internal readonly record struct Caller(NodeAddress Address, ulong Correlation);

/// <summary>A proposed entry whose caller waits for it to be applied.</summary>
internal sealed class PendingWrite(LogIndex index, Caller caller)
{
    public LogIndex Index { get; } = index;

    /// <summary>The caller of the latest attempt: earlier ones have given up.</summary>
    public Caller Caller { get; set; } = caller;
}

/// <summary>A read, or a decision without an event: answered once this leader is confirmed and the state has reached <see cref="NotBefore"/>.</summary>
internal sealed class PendingRead(Caller caller, ShardRequest? query, ByteString? decided, LogIndex notBefore)
{
    public Caller Caller { get; } = caller;

    /// <summary>What to ask the machine, when the answer is not decided yet.</summary>
    public ShardRequest? Query { get; } = query;

    public ByteString? Decided { get; } = decided;

    public LogIndex NotBefore { get; set; } = notBefore;
}

/// <summary>A request kept until this leader's first commit.</summary>
internal readonly record struct HeldRequest(NodeAddress From, ShardRequest Request);
