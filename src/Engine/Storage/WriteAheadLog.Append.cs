using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Storage;

/// <summary>Appending: records gather in memory, in order, and count for nothing until a flush. An append that no Raft would make throws.</summary>
public sealed partial class WriteAheadLog
{
    /// <summary>Entries in a row. Those that the group has from the first one's index on are replaced (Raft, figure 2: AppendEntries, step 3).</summary>
    /// <exception cref="InvalidOperationException">They leave a gap, touch what a snapshot covers, or their terms fall; or more is pending than allowed.</exception>
    public void AppendEntries(ShardId group, IReadOnlyList<Entry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var known = Require(group);
        RequireSequence(known, entries);
        pending.Entries(group.Value, entries);
        if (entries[0].Index <= known.LastIndex)
        {
            mayRelease = true;
        }

        known.Append(entries);
        unplaced.Add(known);
    }

    /// <summary>The group's entries from an index on are gone.</summary>
    public void AppendTruncate(ShardId group, ulong fromIndex)
    {
        var known = Require(group);
        if (fromIndex <= known.MarkIndex || fromIndex > known.LastIndex + 1)
        {
            throw Illegal(group, $"truncated from {fromIndex} while it holds entries {known.MarkIndex + 1} to {known.LastIndex}");
        }

        pending.Truncate(group.Value, fromIndex);
        known.TruncateFrom(fromIndex);
        mayRelease = true;
    }

    /// <summary>Raft's persistent state besides the entries (figure 2), and the commit index, which saves a restarted node from asking.</summary>
    /// <param name="vote">The node voted for in this term, 0 for none.</param>
    public void AppendHardState(ShardId group, ulong term, uint vote, ulong commit)
    {
        var known = Require(group);
        if (term < known.Term)
        {
            throw Illegal(group, $"term {term} after term {known.Term}");
        }

        if (term == known.Term && known.Vote != 0 && vote != known.Vote)
        {
            throw Illegal(group, $"votes for node {vote} after node {known.Vote} in term {term}");
        }

        pending.HardState(group.Value, term, vote, commit);
        known.SetHardState(term, vote, commit);
    }

    /// <summary>A group begins its life on this node: nothing else of it may be appended before.</summary>
    public void AppendGroupCreated(ShardId group, Configuration initial)
    {
        ThrowIfUnusable();
        if (groups.ContainsKey(group.Value))
        {
            throw Illegal(group, "created while it exists");
        }

        pending.GroupCreated(group.Value, initial);
        groups.Add(group.Value, new WalGroup(group.Value) { Initial = initial.Clone() });
    }

    /// <summary>The group and everything it had here is gone; it may be created anew later.</summary>
    public void AppendGroupRemoved(ShardId group)
    {
        _ = Require(group);
        pending.GroupRemoved(group.Value);
        groups.Remove(group.Value);
        mayRelease = true;
    }

    /// <summary>
    /// A durable snapshot stands for the entries up to <paramref name="index"/>: they may go. What follows stays when the log's own entry there is of
    /// the same term, and goes otherwise (Raft, figure 13: steps 6 and 7). A mark older than the present one changes nothing.
    /// </summary>
    /// <param name="configuration">The group's configuration as of that index.</param>
    public void AppendSnapshotMark(ShardId group, ulong index, ulong term, Configuration configuration)
    {
        var known = Require(group);
        if (index <= known.MarkIndex)
        {
            return;
        }

        if (index < known.LastIndex && !known.Has(index, term))
        {
            AppendTruncate(group, index);
        }

        pending.SnapshotMark(group.Value, index, term, configuration);
        known.SetMark(index, term, configuration.Clone());
        mayRelease = true;
    }

    private WalGroup Require(ShardId group)
    {
        ThrowIfUnusable();
        return groups.TryGetValue(group.Value, out var known) ? known : throw Illegal(group, "used before it was created");
    }

    private static void RequireSequence(WalGroup group, IReadOnlyList<Entry> entries)
    {
        var first = entries[0];
        if (first.Index <= group.MarkIndex || first.Index > group.LastIndex + 1)
        {
            throw Illegal(new ShardId(group.Id), $"entry {first.Index} appended while it holds entries {group.MarkIndex + 1} to {group.LastIndex}");
        }

        var term = first.Index == group.LastIndex + 1 ? group.LastTerm : 0;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Index != first.Index + (ulong)i || entry.Term < term)
            {
                throw Illegal(new ShardId(group.Id), $"entry {entry.Index} of term {entry.Term} cannot follow term {term} at {first.Index + (ulong)i - 1}");
            }

            term = entry.Term;
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (closedBecause is not null)
        {
            throw new InvalidOperationException($"the write-ahead log is closed: {closedBecause}");
        }

        // Checked before an append, never within one, so that no record is left half written in the buffer.
        if (pending.PendingBytes > options.PendingBytesMax)
        {
            throw new InvalidOperationException(
                $"{pending.PendingBytes} bytes are appended to the write-ahead log and not flushed, {nameof(WalOptions.PendingBytesMax)} is {options.PendingBytesMax}: flush first, and hold requests back while flushes fail");
        }
    }

    private static InvalidOperationException Illegal(ShardId group, string what) => new($"write-ahead log: group {group} {what}");
}
