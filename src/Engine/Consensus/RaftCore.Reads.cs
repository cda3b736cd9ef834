using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>
/// Reads without a log entry (thesis 6.4). A round is a number on heartbeats and appends: who acknowledges it knew no newer term after the round
/// began. A majority's acknowledgement proves the leader to the reads that came before (read index), and, counted from when the round was
/// <b>sent</b>, holds every such follower to its promise (lease, 6.4.1).
/// </summary>
public sealed partial class RaftCore
{
    private readonly Queue<(ulong Round, TimeSpan SentAt)> roundsUnderWay = new();
    private readonly Queue<(ulong Round, ReadReady Read)> readsUnderWay = new();
    private readonly List<ReadReady> newReads = [];
    private ulong round;
    private bool roundDue;

    /// <summary>Rounds before it say nothing about the lease: they were counted by another configuration's majority.</summary>
    private ulong firstLeaseRound;
    private TimeSpan? leaseStart;

    /// <summary>
    /// Asks for a linearizable read. The answer comes in the effects: then the shell waits until it has applied the index, and reads. All reads
    /// since the last <see cref="TakeEffects"/> share one round.
    /// </summary>
    public ReadResult Read(TimeSpan now, ulong readId)
    {
        Advance(now);
        if (role != RaftRole.Leader)
        {
            return new ReadResult(ReadOutcome.NotLeader, leader, "this replica does not lead the group: ask the leader");
        }

        if (newReads.Count + readsUnderWay.Count >= options.MaxPendingReads)
        {
            return new ReadResult(ReadOutcome.Overloaded, leader, $"{options.MaxPendingReads} reads wait for a majority already: try again in a moment");
        }

        newReads.Add(new ReadReady(readId, ReadIndex));
        return new ReadResult(ReadOutcome.Accepted, leader, string.Empty);
    }

    /// <summary>
    /// Whether this leader may answer reads alone right now, from a state that has applied <see cref="CommitIndex"/>. False until it has committed
    /// an entry of its term, and after it has asked another replica to take over.
    /// </summary>
    public bool LeaseHolds(TimeSpan now)
    {
        Advance(now);
        return WouldServeByLease(clock);
    }

    /// <summary>As <see cref="LeaseHolds"/>, for one who only looks: no time passes here by it.</summary>
    internal bool WouldServeByLease(TimeSpan now)
    {
        if (role != RaftRole.Leader)
        {
            return false;
        }

        if (Flawed(RaftFlaws.LeaseWithoutMajority))
        {
            return true;
        }

        return !leaseGivenUp && commit >= termStart && (IsSoleVoter || (leaseStart is { } start && now < start + options.LeaseDuration));
    }

    /// <summary>Everything acknowledged so far, by this leader or one before: a new leader's commit index may still lag behind what its
    /// predecessor committed, its own first entry cannot.</summary>
    private LogIndex ReadIndex => LogIndex.Max(commit, termStart);

    private bool IsSoleVoter => Configuration.Voters.Length == 1 && Configuration.Voters[0] == Self;

    private void BeginRounds()
    {
        leaseGivenUp = false;
        ForgetLease();
        nextHeartbeat = clock;
    }

    /// <summary>Leases of two majorities that are more than one change apart need not meet: each configuration earns its own.</summary>
    private void ForgetLease()
    {
        firstLeaseRound = round + 1;
        leaseStart = null;
        roundDue = true;
    }

    private void EndRounds()
    {
        foreach (var (_, read) in readsUnderWay)
        {
            open.ReadsFailedList.Add(read.ReadId);
        }

        foreach (var read in newReads)
        {
            open.ReadsFailedList.Add(read.ReadId);
        }

        readsUnderWay.Clear();
        newReads.Clear();
        roundsUnderWay.Clear();
        leaseStart = null;
        roundDue = false;
    }

    private void StartRoundWhenDue()
    {
        if (roundDue || (newReads.Count > 0 && roundsUnderWay.Count < options.MaxReadRounds))
        {
            StartRound();
        }
    }

    private void StartRound()
    {
        round++;
        roundDue = false;
        roundsUnderWay.Enqueue((round, clock));
        foreach (var read in newReads)
        {
            readsUnderWay.Enqueue((round, read));
        }

        newReads.Clear();
        if (clock >= nextHeartbeat)
        {
            nextHeartbeat = NextBeat();
        }

        foreach (var peer in peers)
        {
            var message = Envelope(peer.Id);
            message.Heartbeat = new Heartbeat { Commit = LogIndex.Min(peer.Match, commit).Value, Round = round };
            SendNow(message);
        }

        CompleteRounds();
    }

    /// <summary>On whole multiples of the interval: all groups that a node leads speak up at once, and what they say to one peer travels in one frame.</summary>
    private TimeSpan NextBeat() => TimeSpan.FromTicks(((clock.Ticks / options.HeartbeatInterval.Ticks) + 1) * options.HeartbeatInterval.Ticks);

    private void CompleteRounds()
    {
        var acknowledged = Flawed(RaftFlaws.ReadWithoutRound) ? round : RoundOfMajority();
        while (roundsUnderWay.TryPeek(out var oldest) && oldest.Round <= acknowledged)
        {
            roundsUnderWay.Dequeue();
            if (oldest.Round >= firstLeaseRound)
            {
                leaseStart = oldest.SentAt;
            }
        }

        while (readsUnderWay.TryPeek(out var next) && next.Round <= acknowledged)
        {
            open.ReadsReadyList.Add(readsUnderWay.Dequeue().Read);
        }
    }

    private ulong RoundOfMajority()
    {
        Span<ulong> acknowledged = stackalloc ulong[RaftConfiguration.MaxVoters];
        var voters = 0;
        foreach (var peer in peers)
        {
            if (peer.IsVoter)
            {
                acknowledged[voters++] = peer.AckedRound;
            }
        }

        if (Configuration.IsVoter(Self))
        {
            acknowledged[voters++] = round;
        }

        return ReachedByMajority(acknowledged[..voters]);
    }
}
