using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>What a replica starts from: what its disk holds, or the birth certificate of a new group.</summary>
public sealed record RaftRecovery
{
    /// <summary>The last one written; default if none was.</summary>
    public HardState HardState { get; init; }

    /// <summary>The newest snapshot on this disk, already loaded into the state machine; null if there is none.</summary>
    public SnapshotMeta? Snapshot { get; init; }

    /// <summary>The log on this disk: without gaps, from the snapshot's index + 1 or earlier.</summary>
    public IReadOnlyList<Entry> Entries { get; init; } = [];

    /// <summary>The configuration that a group starts with; the same on each founding replica, and again at each restart, as it is in no log.
    /// Empty on a replica that joins an existing group.</summary>
    public RaftConfiguration InitialConfiguration { get; init; } = RaftConfiguration.Empty;

    /// <summary>
    /// True only when this replica never ran before. Any other replica may have acknowledged a leader just before it stopped, and must not
    /// vote that leader's lease away: it grants no vote for one election timeout after its start.
    /// </summary>
    public bool Fresh { get; init; }

    /// <summary>A replica of a group that begins now, or (with an empty configuration) one that joins and waits for the leader's log.</summary>
    public static RaftRecovery Founded(RaftConfiguration configuration) => new() { InitialConfiguration = configuration, Fresh = true };
}
