using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Consensus;

/// <summary>What a leader does besides replicating: takes proposals (Raft 5.3), begins and ends its term, steps down without a majority (thesis 6.2).</summary>
public sealed partial class RaftCore
{
    private LogIndex termStart;
    private TimeSpan nextHeartbeat;
    private long uncommittedBytes;

    /// <summary>Puts a command into the leader's log. Accepted is not committed: the entry comes back in <see cref="RaftEffects.Committed"/>, with
    /// the term given here, or another one stands in its place.</summary>
    public ProposeResult Propose(TimeSpan now, ByteString data)
    {
        Advance(now);
        if (RefusalToPropose(data.Length) is { } refusal)
        {
            return refusal;
        }

        return ProposeResult.At(AppendOwn(EntryKind.Command, data), term);
    }

    private ProposeResult? RefusalToPropose(int size)
    {
        if (storageFailed)
        {
            return ProposeResult.Refused(ProposeOutcome.StorageFailed, "this replica's disk does not take writes: free it, or ask another replica");
        }

        if (role != RaftRole.Leader)
        {
            return ProposeResult.NotLeading(leader);
        }

        if (!transferTo.IsNone)
        {
            return ProposeResult.Refused(ProposeOutcome.TransferUnderWay, $"leadership is on its way to {transferTo}: try again in a moment");
        }

        if (size > options.MaxEntryBytes)
        {
            return ProposeResult.Refused(ProposeOutcome.TooLarge, $"{size} bytes are more than the {options.MaxEntryBytes} of one entry");
        }

        return uncommittedBytes + size + RaftLog.EntryOverheadBytes > options.MaxUncommittedBytes && uncommittedBytes > 0
            ? ProposeResult.Refused(ProposeOutcome.Overloaded, $"{uncommittedBytes} bytes wait for a majority already, at most {options.MaxUncommittedBytes} may: try again when some are committed")
            : null;
    }

    private LogIndex AppendOwn(EntryKind kind, ByteString data)
    {
        var index = log.LastIndex.Next;
        var entry = new Entry { Term = term.Value, Index = index.Value, Kind = kind, Data = data };
        log.Append(entry);
        uncommittedBytes += RaftLog.SizeOf(entry);
        return index;
    }

    private void BecomeLeader()
    {
        leader = Self;
        campaignsWithoutLeader = 0;
        (promisedTo, promisedUntil) = (Self, clock);
        SetRole(RaftRole.Leader);
        Event(new LeaderElected(term, Self));
        foreach (var peer in peers)
        {
            peer.BeginTerm(log.LastIndex.Next, clock);
        }

        uncommittedBytes = 0;
        for (var index = commit.Next; index <= log.LastIndex; index = index.Next)
        {
            uncommittedBytes += RaftLog.SizeOf(log[index]);
        }

        BeginRounds();

        // Without an entry of its own term a leader cannot tell what its predecessors committed (Raft 5.4.2, 8).
        termStart = AppendOwn(EntryKind.Noop, ByteString.Empty);
    }

    private void EndLeadership()
    {
        (transferTo, timeoutNowSent) = (NodeId.None, false);
        (termStart, uncommittedBytes) = (LogIndex.Zero, 0);
        EndRounds();
        electionDeadline = clock + ElectionTimeout();
    }

    private void StepDown(string reason)
    {
        Event(new SteppedDown(term, reason));
        BecomeFollower(term, NodeId.None);
    }

    private void TickLeader()
    {
        if (clock - MajorityContact() > options.QuorumTimeout)
        {
            StepDown($"no majority heard for {options.QuorumTimeout.TotalMilliseconds:0} ms");
            return;
        }

        TickTransfer();
        if (clock >= nextHeartbeat)
        {
            roundDue = true;
        }
    }

    /// <summary>A majority of the voters was heard from at that time or since.</summary>
    private TimeSpan MajorityContact()
    {
        Span<ulong> contacts = stackalloc ulong[RaftConfiguration.MaxVoters];
        var voters = 0;
        foreach (var peer in peers)
        {
            if (peer.IsVoter)
            {
                contacts[voters++] = (ulong)peer.LastContact.Ticks;
            }
        }

        if (Configuration.IsVoter(Self))
        {
            contacts[voters++] = (ulong)clock.Ticks;
        }

        return TimeSpan.FromTicks((long)ReachedByMajority(contacts[..voters]));
    }

    /// <summary>The largest value that a majority has reached. Sorts in place: a handful of values, on a hot path.</summary>
    private static ulong ReachedByMajority(Span<ulong> values)
    {
        for (var i = 1; i < values.Length; i++)
        {
            for (var j = i; j > 0 && values[j] > values[j - 1]; j--)
            {
                (values[j], values[j - 1]) = (values[j - 1], values[j]);
            }
        }

        return values[values.Length / 2];
    }
}
