namespace Cluster.Modes.LeaderFollower;

/// <summary>The failover: a replica in sync that hears no leader gathers promises, and the most advanced of them claims the next epoch.</summary>
internal sealed partial class ReplicaCore
{
    private Candidacy? standing;

    /// <summary>Whether the oldest member has been asked to be the first leader.</summary>
    private bool asked;

    /// <summary>The highest epoch of which this replica has heard that somebody promised it: the next must be above.</summary>
    private long floor;

    private void LookForLeader()
    {
        var rank = 0;
        while (rank < members.Count && members[rank] != name)
        {
            rank++;
        }

        if (!IsInUse || (standing is { } under ? now - under.Since < Patience : now - lastHeard < (IsBusy ? Silence : IdleSilence) + (Stagger * rank)))
        {
            return;
        }

        standing = new Candidacy(standing?.IsUnclean ?? false, now);
        effects.Add(new ReplicaEffect.AskSet(new ShowReplicaSet()));
    }

    /// <summary>The replica set as it was decided: an answer to a question, a claim or a change.</summary>
    private void Learn(ReplicaSet set)
    {
        if (leading is { } mine)
        {
            LearnAsLeader(mine, set);
            return;
        }

        if (standing is { Epoch: { } epoch } && set.Epoch == epoch && set.Leader == name)
        {
            standing = null;
            if (promised == epoch)
            {
                Become(set);
            }

            return; // Else it has promised a newer one meanwhile, and must not lead in this.
        }

        if (set.Epoch > leaderEpoch && set.Leader != name && set.Epoch >= promised)
        {
            // Its word will come, or its silence: then this replica stands.
            Follow(set.Epoch, set.Leader);
            if (standing is not { IsUnclean: true })
            {
                (lastHeard, standing) = (now, null);
                return;
            }
        }

        if (standing is { } candidacy)
        {
            Stand(candidacy, set);
        }
    }

    private void Stand(Candidacy candidacy, ReplicaSet set)
    {
        candidacy.Set = set;
        if (set.Epoch == 0)
        {
            if (members.Count > 0 && members[0] != name && !asked)
            {
                asked = true;
                Send(members[0], new StandForLeader(false)); // The oldest; if it does not, this one does, the next time.
                return;
            }

            Claim(candidacy, Math.Max(promised, floor) + 1, unclean: false);
        }
        else if (candidacy.IsUnclean || promotesStale)
        {
            Claim(candidacy, NextEpoch(set), unclean: true);
        }
        else if (!set.InSync.Contains(name))
        {
            (standing, lastHeard) = (null, now); // It may lack what is committed; whoever is in sync must come back.
        }
        else if (now >= promisesNothingBefore)
        {
            candidacy.Target = NextEpoch(set);
            foreach (var node in set.InSync.Where(node => node != name))
            {
                Send(node, new AskPromise(name, candidacy.Target));
            }

            ClaimIfPromised(candidacy);
        }
    }

    private long NextEpoch(ReplicaSet set) => Math.Max(Math.Max(set.Epoch, promised), floor) + 1;

    private void Promise(AskPromise ask)
    {
        // A leader that still has its lease is there, whatever the candidate has not heard; a follower that has given a lease keeps it.
        var isFree = leading is { } mine ? !mine.IsAlone && !mine.HasLease(now, LeaderLease) && !unfenced : now >= promisesNothingBefore;
        var granted = isFree && (ask.Epoch > promised || (ask.Epoch == promised && leaderEpoch < ask.Epoch));
        if (granted)
        {
            PromiseUpTo(ask.Epoch);
            if (leading is not null)
            {
                Follow(leaderEpoch, null);
                lastHeard = now;
            }
        }

        Send(ask.From, new EpochPromise(name, ask.Epoch, granted, promised, log.LastEpoch, log.End), afterDisk: true);
    }

    private void Count(EpochPromise promise)
    {
        floor = Math.Max(floor, promise.Promised);
        if (standing is { Set: not null, Epoch: null } candidacy && promise.Granted && promise.Epoch == candidacy.Target)
        {
            candidacy.Promises[promise.From] = (promise.LastEpoch, promise.End);
            ClaimIfPromised(candidacy);
        }
    }

    /// <summary>
    /// All but one of the in-sync set, or one of two: what is committed is on two of them, so it is on one of these; and whoever has promised takes nothing more of the old leader, so it commits nothing more.
    /// The candidate promises last: alone with its wish, it has disturbed nobody (Raft's pre-vote, Ongaro 2014, 9.6).
    /// </summary>
    private void ClaimIfPromised(Candidacy candidacy)
    {
        var needed = Math.Max(1, candidacy.Set!.InSync.Count - 1);
        if (candidacy.Promises.Count + 1 < needed)
        {
            return;
        }

        var (best, howFar) = candidacy.Promises.Select(promise => (promise.Key, promise.Value)).Append((name, (log.LastEpoch, log.End))).MaxBy(known => known.Item2);
        if (howFar.CompareTo((log.LastEpoch, log.End)) > 0)
        {
            standing = null;
            lastHeard = now;
            floor = Math.Max(floor, candidacy.Target);
            Send(best, new StandForLeader(false)); // It has what this one lacks.
            return;
        }

        Claim(candidacy, candidacy.Target, unclean: false);
    }

    private void Claim(Candidacy candidacy, long epoch, bool unclean)
    {
        if (candidacy.Epoch is not null || epoch <= promised)
        {
            return; // It has claimed already, or promised the epoch to another: the next try is for a higher one.
        }

        PromiseUpTo(epoch);
        candidacy.Epoch = epoch;
        effects.Add(new ReplicaEffect.AskSet(new ClaimLeadership(name, epoch, candidacy.Set!.Version, unclean)));
    }

    private void Become(ReplicaSet set)
    {
        leading = new Leadership(name, set, log.End + 1);
        foreach (var entry in log.After(copy.Position))
        {
            leading.Note(entry);
        }

        (leaderEpoch, leader) = (set.Epoch, name);
        effects.Add(new ReplicaEffect.LeaderIs(set.Epoch, name));
        effects.Add(new ReplicaEffect.Note($"{name} leads in epoch {set.Epoch}, from entry {leading.Start} on; in sync: {string.Join(", ", set.InSync)}"));
        Append(leading, new LogEntry(log.End + 1, set.Epoch, name, "", 0, 0, null, null, false, AckMode.Semi, 0));
    }
}

/// <summary>One try to become the leader.</summary>
internal sealed class Candidacy(bool isUnclean, TimeSpan since)
{
    public bool IsUnclean { get; } = isUnclean;

    public TimeSpan Since { get; } = since;

    /// <summary>The set that it stands on: a claim holds for no other version.</summary>
    public ReplicaSet? Set { get; set; }

    /// <summary>The epoch for which promises are asked.</summary>
    public long Target { get; set; }

    /// <summary>The epoch that was claimed.</summary>
    public long? Epoch { get; set; }

    /// <summary>Who has promised, and how advanced they are.</summary>
    public Dictionary<string, (long LastEpoch, long End)> Promises { get; } = new(StringComparer.Ordinal);
}
