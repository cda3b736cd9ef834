using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>How effects leave the core.</summary>
public sealed partial class RaftCore
{
    private const int MostSpares = 4;

    private readonly Stack<RaftEffects> spares = new(MostSpares);
    private RaftEffects open = new();
    private long batch;

    /// <summary>The highest index given out to be applied.</summary>
    private LogIndex emitted;

    /// <summary>
    /// What is to be done by now, or null when there is nothing. Call it after a turn of inputs, not after each: proposals and reads in between
    /// share appends, rounds and disk writes. Call again until null.
    /// </summary>
    public RaftEffects? TakeEffects()
    {
        if (role == RaftRole.Leader)
        {
            StartRoundWhenDue();
            FlushAppends();
        }

        TakeWrites();
        TakeCommitted();
        if (open.IsEmpty)
        {
            return null;
        }

        var taken = open;
        taken.Batch = ++batch;
        if (taken.Persists)
        {
            unwritten.Enqueue((batch, handed));
        }

        ReleaseMessages(taken);
        open = spares.TryPop(out var spare) ? spare : new RaftEffects();
        return taken;
    }

    /// <summary>Gives a record back for reuse, once the shell holds nothing of it, neither lists nor messages' lists. Optional: it spares
    /// the garbage collector.</summary>
    public void Recycle(RaftEffects done)
    {
        if (spares.Count < MostSpares)
        {
            done.Clear();
            spares.Push(done);
        }
    }

    private void TakeWrites()
    {
        for (var index = handed.Next; index <= log.LastIndex; index = index.Next)
        {
            open.EntryList.Add(log[index]);
        }

        handed = log.LastIndex;
        open.TruncateFrom = open.RestoreSnapshot is null ? truncated : null;
        truncated = null;

        // The hint alone is not worth a write, and never claims an entry that a crash could still take.
        var mustWrite = term != hardStateWritten.Term || VoteToWrite != hardStateWritten.VotedFor;
        var hint = LogIndex.Max(LogIndex.Min(commit, persisted), snapshot.Index);
        if (mustWrite || (open.EntryList.Count > 0 && hint > hardStateWritten.Commit))
        {
            hardStateWritten = new HardState(term, VoteToWrite, hint);
            open.HardState = Flawed(RaftFlaws.ForgetVote) ? hardStateWritten with { VotedFor = NodeId.None } : hardStateWritten;
        }
    }

    /// <summary>Who votes twice in a term hides its second vote from its log, which would refuse to write it.</summary>
    private NodeId VoteToWrite =>
        Flawed(RaftFlaws.VoteTwice) && term == hardStateWritten.Term && !hardStateWritten.VotedFor.IsNone ? hardStateWritten.VotedFor : votedFor;

    /// <summary>Only what is on this disk is applied: a state machine's snapshot then never runs ahead of the log that it replaces.</summary>
    private void TakeCommitted()
    {
        var upTo = LogIndex.Min(LogIndex.Min(commit, persisted), new LogIndex(emitted.Value + (ulong)options.MaxCommittedBatch));
        for (var index = emitted.Next; index <= upTo; index = index.Next)
        {
            open.CommittedList.Add(log[index]);
        }

        emitted = LogIndex.Max(emitted, upTo);
    }

    private void ReleaseMessages(RaftEffects taken)
    {
        if (Flawed(RaftFlaws.AcknowledgeBeforePersist))
        {
            persisted = handed;
        }
        else if (unwritten.Count > 0)
        {
            return;
        }

        taken.SendNowList.AddRange(taken.SendAfterPersistList);
        taken.SendAfterPersistList.Clear();
    }
}
