namespace Cluster.Modes.LeaderFollower;

/// <summary>The follower: takes the leader's entries, lets go of its own that the leader does not have, and answers once it is on its disk.</summary>
internal sealed partial class ReplicaCore
{
    /// <summary>The whole copy that is coming in, and the last one that was installed: numbers of one leader's rise, and late pieces of older ones must not take the copy back.</summary>
    private (long Epoch, long Transfer, List<StatePiece> Pieces)? incoming;

    private (long Epoch, long Transfer) installed;

    private void Hear(AppendEntries append)
    {
        if (!Heed(append.Leader, append.Epoch))
        {
            Send(append.Leader, new EntriesKept(name, Math.Max(promised, leaderEpoch), append.Round, false, 0, false, append.SentAt, now), afterDisk: true);
            return;
        }

        if (append.Entries.Count > 0)
        {
            lastUsed = now;
        }

        if (append.After > log.End)
        {
            Answer(append, matched: false, log.End);
        }
        else if (log.EpochAt(append.After) != append.AfterEpoch)
        {
            Answer(append, matched: false, log.BeforeEpochAt(append.After), needsState: append.After <= copy.Position);
        }
        else if (append.Entries.FirstOrDefault(entry => log.EpochAt(entry.Position) != entry.Epoch) is { } conflict && conflict.Position <= copy.Position)
        {
            Answer(append, matched: false, 0, needsState: true);
        }
        else
        {
            Keep(append.Entries);
            var matched = append.After + append.Entries.Count;
            Apply(Math.Min(append.Commit, matched));
            if (append.Echo is { } echo && copy.Position >= append.Commit && echo >= begun && echo <= now)
            {
                freshAt = freshAt is { } fresh && fresh > echo ? fresh : echo;
            }

            Answer(append, matched: true, matched);
        }
    }

    /// <summary>Whether the word of this leader counts. If so, it holds the lease of this replica.</summary>
    private bool Heed(string from, long epoch)
    {
        if (epoch < promised || (unfenced && leading is not null))
        {
            return false;
        }

        PromiseUpTo(epoch);
        IsInUse = true;
        Follow(epoch, from);
        standing = null;
        (lastHeard, promisesNothingBefore) = (now, now + Lease);
        return true;
    }

    private void Answer(AppendEntries append, bool matched, long position, bool needsState = false) =>
        Send(append.Leader, new EntriesKept(name, append.Epoch, append.Round, matched, position, needsState, append.SentAt, now), afterDisk: true);

    private void Keep(IReadOnlyList<LogEntry> entries)
    {
        var missing = entries.SkipWhile(entry => log.EpochAt(entry.Position) == entry.Epoch).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var after = missing[0].Position - 1;
        TellOfLost(log.Truncate(after), $"after {after}");
        foreach (var entry in missing)
        {
            log.Append(entry);
        }

        effects.Add(new ReplicaEffect.Persist(new EntriesAppended(after, missing)));
    }

    private void Apply(long upTo)
    {
        while (copy.Position < upTo && log.Find(copy.Position + 1) is { } entry)
        {
            copy.Apply(entry);
            leading?.Forget(entry);
        }

        log.Compact(copy.Position);
    }

    /// <summary>Entries are taken back. Those that this node answered for, as their leader, without waiting for a follower, are acknowledged writes that are lost: told once, by whoever acknowledged them.</summary>
    private void TellOfLost(IReadOnlyCollection<LogEntry> removed, string where)
    {
        var lost = removed.Where(entry => entry.Key is not null && entry.Leader == name && entry.Ack == AckMode.Async).ToList();
        if (removed.Count > 0)
        {
            var window = lost.Count == 0 ? "none of them acknowledged" : $"{lost.Count} of them acknowledged with ack=async, written within {lost.Max(entry => entry.At) - lost.Min(entry => entry.At)} ms, are lost";
            effects.Add(new ReplicaEffect.Note($"{name} takes back {removed.Count} entries {where} that the leader of epoch {leaderEpoch}, {leader}, does not have: {window}", lost.Count));
        }
    }

    /// <summary>Collects a whole copy, and installs it when it is complete.</summary>
    private void Hear(StatePart part)
    {
        if (!Heed(part.Leader, part.Epoch))
        {
            return; // The next append is refused, and tells the leader why.
        }

        if (installed.CompareTo((part.Epoch, part.Transfer)) >= 0)
        {
            Send(part.Leader, new PartsTaken(name, part.Epoch, part.Transfer, part.Of), afterDisk: true);
            return;
        }

        if (incoming is not { } under || (under.Epoch, under.Transfer) != (part.Epoch, part.Transfer))
        {
            incoming = under = (part.Epoch, part.Transfer, []);
        }

        if (part.Index == under.Pieces.Count)
        {
            under.Pieces.Add(part.Piece);
        }

        if (under.Pieces.Count == part.Of && part.Index == part.Of - 1)
        {
            (incoming, installed) = (null, (part.Epoch, part.Transfer));
            TellOfLost([.. log.After(Math.Min(part.Position, log.End))], $"after {part.Position}");
            for (var index = 0; index < under.Pieces.Count; index++)
            {
                effects.Add(new ReplicaEffect.Persist(new PieceKept(index, under.Pieces[index])));
            }

            effects.Add(new ReplicaEffect.Persist(new StateInstalled(part.Of, part.Position, part.Epochs)));
            Install(under.Pieces, part.Position, part.Epochs);
        }

        Send(part.Leader, new PartsTaken(name, part.Epoch, part.Transfer, under.Pieces.Count), afterDisk: true);
    }
}
