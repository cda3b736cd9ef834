using Cluster.Engine.Consensus;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>What one group wants written to the node's log, in the order of its properties. Immutable once handed over: the writer is another thread.</summary>
internal sealed record WalWrite(ShardId Group)
{
    /// <summary>This node begins to hold the group, with that configuration: empty when it joins a group that lives.</summary>
    public Configuration? Created { get; init; }

    /// <summary>This node no longer holds the group.</summary>
    public bool Removed { get; init; }

    /// <summary>A durable snapshot stands for the log up to here.</summary>
    public SnapshotMeta? Snapshot { get; init; }

    public LogIndex? TruncateFrom { get; init; }

    public IReadOnlyList<Entry> Entries { get; init; } = [];

    public HardState? HardState { get; init; }

    public void AppendTo(WriteAheadLog log)
    {
        if (Created is { } configuration)
        {
            log.AppendGroupCreated(Group, configuration);
        }

        if (Removed)
        {
            log.AppendGroupRemoved(Group);
        }

        if (Snapshot is { } mark)
        {
            log.AppendSnapshotMark(Group, mark.Index.Value, mark.Term.Value, mark.Configuration.ToWire());
        }

        if (TruncateFrom is { } index && Entries.Count == 0)
        {
            log.AppendTruncate(Group, index.Value); // With entries, appending them truncates.
        }

        if (Entries.Count > 0)
        {
            log.AppendEntries(Group, Entries);
        }

        if (HardState is { } state)
        {
            log.AppendHardState(Group, state.Term.Value, state.VotedFor.Value, state.Commit.Value);
        }
    }
}
