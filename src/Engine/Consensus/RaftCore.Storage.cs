using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>What is on this replica's disk, what is on its way there, and what to do when it cannot get there.</summary>
public sealed partial class RaftCore
{
    /// <summary>Batches that write and are not durable yet, with the log's end as each left it.</summary>
    private readonly Queue<(long Batch, LogIndex Last)> unwritten = new();

    /// <summary>The highest index given out to be written.</summary>
    private LogIndex handed;

    private LogIndex persisted;

    /// <summary>Writes before it are void: a later truncation or snapshot replaced what they wrote.</summary>
    private LogIndex? truncated;

    private HardState hardStateWritten;

    /// <summary>The batch with that number, and every one before it, is durable.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such batch was given out.</exception>
    public void Persisted(long upToBatch)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(upToBatch, batch);
        while (unwritten.TryPeek(out var oldest) && oldest.Batch <= upToBatch)
        {
            unwritten.Dequeue();
            persisted = LogIndex.Max(persisted, oldest.Last);
        }

        if (role == RaftRole.Candidate && !selfVoted && upToBatch >= ownVoteBatch)
        {
            selfVoted = true;
            Tally();
        }

        if (role == RaftRole.Leader)
        {
            CommitByMajority();
        }
    }

    /// <summary>
    /// The disk takes no writes (full, failing). The replica hands its leadership over, campaigns no more and acknowledges nothing. The shell keeps
    /// the batches that it could not write, in order, and writes them again before it calls <see cref="StorageRecovered"/>.
    /// </summary>
    public void StorageFailed()
    {
        if (role == RaftRole.Leader)
        {
            HandOverAndStepDown("its disk takes no writes");
        }
        else if (role != RaftRole.Follower)
        {
            BecomeFollower(term, NodeId.None);
        }

        storageFailed = true;
    }

    /// <summary>The disk takes writes again, and holds every batch given out so far.</summary>
    public void StorageRecovered()
    {
        storageFailed = false;
        electionDeadline = clock + ElectionTimeout();
    }

    /// <summary>While the disk fails, a leader's messages still say where to send clients. Nothing is answered, so nothing is promised.</summary>
    private void NoteLeader(NodeId from, Term theirs, RaftMessage.BodyOneofCase body)
    {
        if (IsFromLeader(body) && theirs == term && role == RaftRole.Follower)
        {
            leader = from;
        }
    }

    private RaftLog RecoverLog(RaftRecovery recovered)
    {
        snapshot = recovered.Snapshot is { } meta ? (meta.Index, meta.Term) : (LogIndex.Zero, Term.Zero);
        RestartConfigurations(snapshot.Index, recovered.Snapshot?.Configuration ?? recovered.InitialConfiguration);
        var entries = recovered.Entries;
        var first = entries.Count > 0 ? entries[0].Index : snapshot.Index.Value + 1;
        var last = first + (ulong)entries.Count - 1;
        if (first > snapshot.Index.Value + 1)
        {
            throw new ArgumentException($"{Group} on {Self}: the log on disk begins at {first}, the snapshot ends at {snapshot.Index}: the entries between are missing");
        }

        var overlaps = first <= snapshot.Index.Value;
        var leadsElsewhere = overlaps && (last < snapshot.Index.Value || entries[(int)(snapshot.Index.Value - first)].Term != snapshot.Term.Value);
        if (leadsElsewhere || (entries.Count == 0 && recovered.Snapshot is not null))
        {
            // The crash may have come after a leader's snapshot was in place and before the log on disk began anew: what that log holds ends
            // before the snapshot or belongs to another history (Raft 7). The disk has to begin after the snapshot before anything is appended.
            open.RestoreSnapshot = recovered.Snapshot;
            return new RaftLog(snapshot.Index, snapshot.Term);
        }

        // Entries from before the snapshot still serve slow followers; the first of them only lends its index and term.
        var held = overlaps ? new RaftLog(new LogIndex(first), new Term(entries[0].Term)) : new RaftLog(snapshot.Index, snapshot.Term);
        for (var i = overlaps ? 1 : 0; i < entries.Count; i++)
        {
            held.Append(entries[i]);
            if (entries[i].Kind == EntryKind.Configuration && entries[i].Index > snapshot.Index.Value)
            {
                RecoverConfiguration(entries[i]);
            }
        }

        DropBefore(held, snapshot.Index);
        return held;
    }

    /// <summary>A crash may keep entries, or a snapshot, of a term whose record it lost. No vote of that term was ever sent then: votes wait for
    /// the record.</summary>
    private void RecoverTerm(HardState written)
    {
        (term, votedFor) = written.Term >= log.LastTerm ? (written.Term, written.VotedFor) : (log.LastTerm, NodeId.None);
    }

    private void RecoverConfiguration(Entry entry)
    {
        if (!RaftConfiguration.TryParse(entry.Data, out var configuration))
        {
            throw new ArgumentException($"{Group} on {Self}: entry {entry.Index} of the log on disk holds no valid configuration");
        }

        configurations.Add((new LogIndex(entry.Index), configuration));
    }

    /// <summary>Entries from that index on are gone: writes of them that are still under way prove nothing any more.</summary>
    private void ForgetHanded(LogIndex from)
    {
        var keep = from.Previous;
        if (from <= handed)
        {
            truncated = truncated is { } earlier ? LogIndex.Min(earlier, from) : from;
        }

        handed = LogIndex.Min(handed, keep);
        persisted = LogIndex.Min(persisted, keep);
        for (var left = unwritten.Count; left > 0; left--)
        {
            var (number, last) = unwritten.Dequeue();
            unwritten.Enqueue((number, LogIndex.Min(last, keep)));
        }
    }
}
