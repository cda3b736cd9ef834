using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Storage;

/// <summary>What the log remembers of one Raft group. <see cref="Entries"/> follow each other and the snapshot mark without a gap.</summary>
public sealed record RecoveredGroup
{
    public required ShardId Group { get; init; }

    /// <summary>The configuration that the group was created with; a later one stands in the snapshot mark or among the entries.</summary>
    public required Configuration InitialConfiguration { get; init; }

    /// <summary>Raft's currentTerm (figure 2); 0 when no hard state was ever written.</summary>
    public ulong Term { get; init; }

    /// <summary>Raft's votedFor in that term; 0 for none.</summary>
    public uint Vote { get; init; }

    /// <summary>The highest index that this replica knew as committed; not past the last entry.</summary>
    public ulong Commit { get; init; }

    /// <summary>A snapshot stands for the entries up to here; 0 for none.</summary>
    public ulong SnapshotIndex { get; init; }

    public ulong SnapshotTerm { get; init; }

    /// <summary>The configuration as of the snapshot mark; null without one.</summary>
    public Configuration? SnapshotConfiguration { get; init; }

    /// <summary>The entries after <see cref="SnapshotIndex"/>.</summary>
    public required IReadOnlyList<Entry> Entries { get; init; }

    /// <summary>
    /// Entries up to <see cref="SnapshotIndex"/> that the log happens to hold still, the last of them just that one: a leader serves followers that are a little behind
    /// from them. Bounded by <see cref="WalOptions.TailEntries"/>; often empty.
    /// </summary>
    public IReadOnlyList<Entry> Tail { get; init; } = [];

    public ulong LastIndex => Entries.Count == 0 ? SnapshotIndex : Entries[^1].Index;
}
