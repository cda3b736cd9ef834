namespace Cluster.Modes.LeaderFollower;

/// <summary>The leader: sends its log to every member, counts answers, and answers whoever waits.</summary>
internal sealed partial class ReplicaCore
{
    /// <summary>Numbers the whole copies that this replica has sent.</summary>
    private long transfers;

    private void Append(Leadership mine, LogEntry entry)
    {
        log.Append(entry);
        mine.Note(entry);
        effects.Add(new ReplicaEffect.Persist(new EntriesAppended(entry.Position - 1, [entry])));
        SendAll(mine);
    }

    private void Lead(Leadership mine)
    {
        foreach (var gone in mine.Followers.Keys.Where(node => !members.Contains(node)).ToList())
        {
            mine.Followers.Remove(gone);
        }

        SendAll(mine);
        Advance(mine);
        KeepInSync(mine);
    }

    private void SendAll(Leadership mine)
    {
        foreach (var node in members.Where(node => node != name && !mine.Followers.ContainsKey(node)))
        {
            mine.Followers.Add(node, new FollowerProgress(mine.Start));
        }

        foreach (var (node, follower) in mine.Followers)
        {
            SendTo(mine, node, follower, isDue: false);
        }
    }

    /// <summary>One batch to one follower, unless one is under way. What is lost is sent again after a heartbeat.</summary>
    /// <param name="isDue">Whether a heartbeat is wanted now, whatever the clock says.</param>
    private void SendTo(Leadership mine, string node, FollowerProgress follower, bool isDue)
    {
        var pause = IsBusy ? Heartbeat : IdleHeartbeat;
        if (follower.UnderWay is { } since ? now - since < Heartbeat : !isDue && follower.Next > log.End && follower.Transfer is null && now - follower.LastSent < pause)
        {
            return;
        }

        (follower.UnderWay, follower.LastSent) = (now, now);
        follower.SilentSince ??= now;
        if (follower.Transfer is null && follower.Next <= log.Base)
        {
            follower.Transfer = NewTransfer();
        }

        if (follower.Transfer is { } transfer)
        {
            Send(node, new StatePart(name, mine.Epoch, transfer.Id, transfer.Next, transfer.Pieces.Count, transfer.Pieces[transfer.Next], transfer.Position, transfer.Epochs));
            return;
        }

        var after = follower.Next - 1;
        var echo = mine.HasLease(now, LeaderLease) && copy.Position >= mine.Start ? follower.Clock : null;
        Send(node, new AppendEntries(name, mine.Epoch, ++follower.Round, after, log.EpochAt(after), log.Batch(after), copy.Position, now, echo));
    }

    private StateTransfer NewTransfer() =>
        new(++transfers, copy.Pieces(), copy.Position, [.. log.Epochs.Where(epoch => epoch.Position <= copy.Position)]);

    private void Count(EntriesKept kept)
    {
        if (leading is not { } mine || !mine.Followers.TryGetValue(kept.From, out var follower))
        {
            return;
        }

        if (kept.Epoch != mine.Epoch)
        {
            // It has promised a newer epoch: another leads, or somebody tried and failed. The replica set knows.
            if (kept.Epoch > mine.Epoch && !unfenced && mine.Outbid < kept.Epoch)
            {
                mine.Outbid = kept.Epoch;
                effects.Add(new ReplicaEffect.AskSet(new ShowReplicaSet()));
            }

            return;
        }

        follower.SilentSince = null;
        follower.Clock = kept.Clock;
        follower.LeaseFrom = follower.LeaseFrom is { } from && from > kept.SentAt ? from : kept.SentAt;
        if (kept.Round == follower.Round)
        {
            follower.UnderWay = null;
            if (kept.NeedsState)
            {
                follower.Transfer ??= NewTransfer();
            }
            else if (!kept.Matched)
            {
                follower.Next = Math.Clamp(kept.Position + 1, 1, log.End + 1);
            }
        }

        if (kept.Matched && kept.Position > follower.Match)
        {
            follower.Match = kept.Position;
        }

        follower.Next = Math.Max(follower.Next, follower.Match + 1);
        Advance(mine);
        if (follower.UnderWay is null && (follower.Next <= log.End || follower.Transfer is not null))
        {
            SendTo(mine, kept.From, follower, isDue: true);
        }

        KeepInSync(mine);
    }

    private void Count(PartsTaken taken)
    {
        if (leading is not { } mine || taken.Epoch != mine.Epoch || !mine.Followers.TryGetValue(taken.From, out var follower) || follower.Transfer is not { } transfer || transfer.Id != taken.Transfer)
        {
            return;
        }

        (follower.SilentSince, follower.UnderWay) = (null, null);
        transfer.Next = Math.Clamp(taken.Next, 0, transfer.Pieces.Count);
        if (transfer.Next == transfer.Pieces.Count)
        {
            follower.Transfer = null;
            follower.Match = Math.Max(follower.Match, transfer.Position);
            follower.Next = follower.Match + 1;
            Advance(mine);
        }

        SendTo(mine, taken.From, follower, isDue: true);
    }

    /// <summary>Something is known that was not: what is committed now, and who can be answered.</summary>
    private void Advance(Leadership mine)
    {
        var committed = mine.Committed();
        if (committed > copy.Position)
        {
            Apply(committed);
        }

        foreach (var write in mine.TakeAnswerable(copy.Position))
        {
            Answer(mine, write);
        }

        if (mine.Reads.Count > 0 && HasLease(mine))
        {
            foreach (var read in mine.Reads.Where(read => read.Barrier <= copy.Position).ToList())
            {
                Answer(mine, read);
            }

            mine.Reads.RemoveAll(read => read.Barrier <= copy.Position);
        }
    }

    private bool HasLease(Leadership mine) => unfenced || mine.HasLease(now, LeaderLease);

    /// <summary>
    /// Takes followers that owe an answer for too long out of the in-sync set, and those that have caught up into it, by the word of the <see cref="ReplicaSetDecider"/>: a leader that has been deposed gets
    /// none. A set in which a next leader might lack what is committed is not asked for.
    /// </summary>
    private void KeepInSync(Leadership mine)
    {
        if (mine.Proposed is not null)
        {
            if (now - mine.ProposedAt >= Patience)
            {
                mine.ProposedAt = now;
                effects.Add(new ReplicaEffect.AskSet(new ChangeInSync(name, mine.Epoch, mine.Config.Version, mine.Proposed))); // The same question: it takes effect once.
            }

            return;
        }

        if (mine.Durable < mine.Start)
        {
            return;
        }

        List<string> next = [name, .. mine.Config.InSync.Where(node => node != name && !IsLagging(mine, node)), .. mine.Followers.Where(follower => IsNewlyInSync(mine, follower.Key, follower.Value)).Select(follower => follower.Key)];
        if (next.Count == mine.Config.InSync.Count && next.All(mine.Config.InSync.Contains))
        {
            return;
        }

        if (!mine.Covers(next, copy.Position) && !unfenced)
        {
            return; // Who is left has not all of it yet: it is alive, and will.
        }

        if (unfenced && next.Count < mine.Config.InSync.Count)
        {
            mine.Config = mine.Config with { InSync = next };
            Advance(mine);
            return;
        }

        (mine.Proposed, mine.ProposedAt) = (next, now);
        effects.Add(new ReplicaEffect.AskSet(new ChangeInSync(name, mine.Epoch, mine.Config.Version, next)));
    }

    private bool IsLagging(Leadership mine, string node) => !mine.Followers.TryGetValue(node, out var follower) || (follower.SilentSince is { } since && now - since >= MostLag);

    private bool IsNewlyInSync(Leadership mine, string node, FollowerProgress follower) =>
        !mine.Config.InSync.Contains(node) && follower.SilentSince is null && follower.Match >= Math.Max(copy.Position, mine.Start);

    private void LearnAsLeader(Leadership mine, ReplicaSet set)
    {
        if (unfenced && set.Epoch > mine.Epoch)
        {
            return;
        }

        if (set.Epoch > mine.Epoch && set.Leader == name)
        {
            // Its own claim of a newer epoch, after a follower had promised one in vain. It has all that it has committed, so it needed nobody's promise; it begins the epoch as any leader.
            Follow(mine.Epoch, null);
            if (promised == set.Epoch)
            {
                Become(set);
            }
        }
        else if (set.Epoch > mine.Epoch)
        {
            Follow(set.Epoch, set.Leader);
            lastHeard = now;
        }
        else if (set.Epoch == mine.Epoch && set.Version >= mine.Config.Version)
        {
            if (set.Version > mine.Config.Version)
            {
                (mine.Config, mine.Proposed) = (set, null);
                effects.Add(new ReplicaEffect.Note($"in sync with {name}, the leader of epoch {set.Epoch}: {string.Join(", ", set.InSync)}"));
            }

            if (mine.Outbid > mine.Epoch)
            {
                var epoch = Math.Max(mine.Outbid, promised) + 1;
                mine.Outbid = 0;
                PromiseUpTo(epoch);
                effects.Add(new ReplicaEffect.AskSet(new ClaimLeadership(name, epoch, set.Version, Unclean: false)));
            }

            Advance(mine);
        }
    }
}
