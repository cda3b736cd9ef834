using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf.Collections;

namespace Cluster.Engine.Consensus;

/// <summary>What a follower does with its leader's messages: appends (Raft 5.3), heartbeats, snapshots (Raft 7).</summary>
public sealed partial class RaftCore
{
    private void OnAppend(NodeId from, AppendEntries append)
    {
        if (FaultOf(append) is { } fault)
        {
            Reject(from, fault);
            return;
        }

        HearLeader(from);
        var previous = new LogIndex(append.PrevIndex);
        if (previous < log.BaseIndex)
        {
            // A late copy: what it carries up to the base is committed and compacted away.
            Acknowledge(from, commit, append.Round);
            return;
        }

        var previousTerm = new Term(append.PrevTerm);
        var matches = log.TryTermAt(previous, out var held) && held == previousTerm;
        if (!matches && !(Flawed(RaftFlaws.SkipPreviousEntryCheck) && previous <= log.LastIndex))
        {
            Refuse(from, previous, previousTerm, append.Round);
            return;
        }

        AppendMissing(append.Entries);
        var match = new LogIndex(append.PrevIndex + (ulong)append.Entries.Count);
        Commit(LogIndex.Max(commit, LogIndex.Min(new LogIndex(append.Commit), match)));
        Acknowledge(from, match, append.Round);
    }

    /// <summary>Keeps what is there already: a late, shorter append must not cut off entries acknowledged since (Raft 5.3).</summary>
    private void AppendMissing(RepeatedField<Entry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var index = new LogIndex(entry.Index);
            if (index <= log.LastIndex)
            {
                if (!log.TryTermAt(index, out var held) || held.Value == entry.Term)
                {
                    continue;
                }

                Truncate(index, new Term(entry.Term));
            }

            log.Append(entry);
            if (entry.Kind == EntryKind.Configuration)
            {
                AdoptConfiguration(entry);
            }
        }
    }

    private void Truncate(LogIndex from, Term because)
    {
        if (from <= commit)
        {
            throw new InvariantViolated("a committed entry stays", $"{Group} on {Self}, term {term}: entry {from} of term {log[from].Term} is committed (to {commit}), the leader has term {because} there");
        }

        log.TruncateFrom(from);
        ForgetHanded(from);
        RollBackConfigurations(from);
        Event(new LogTruncated(term, from));
    }

    private void Acknowledge(NodeId to, LogIndex match, ulong round)
    {
        var reply = Envelope(to);
        reply.AppendReply = new AppendReply { Success = true, MatchIndex = match.Value, Round = round };
        SendAfterPersist(reply);
    }

    /// <summary>
    /// Names the last own entry that the leader could share: not past the refused one's index or term. The leader skips from there in the same
    /// way, so that each round trip passes over a whole term, not an entry (Raft 5.3, end).
    /// </summary>
    private void Refuse(NodeId to, LogIndex previous, Term previousTerm, ulong round)
    {
        var hint = log.LastNotPast(previousTerm, previous);
        log.TryTermAt(hint, out var hintTerm);
        var reply = Envelope(to);
        reply.AppendReply = new AppendReply { RejectedIndex = previous.Value, ConflictIndex = hint.Value, ConflictTerm = hintTerm.Value, Round = round };
        SendAfterPersist(reply);
    }

    private void OnHeartbeat(NodeId from, Heartbeat heartbeat)
    {
        HearLeader(from);
        var known = new LogIndex(heartbeat.Commit);
        if (known > log.LastIndex)
        {
            Event(new AcknowledgedEntriesMissing(term, known, log.LastIndex));
        }
        else
        {
            Commit(LogIndex.Max(commit, known));
        }

        // It promises nothing about the disk: at worst a restart forgets the term, and the guard after a restart covers the lease.
        var reply = Envelope(from);
        reply.HeartbeatReply = new HeartbeatReply { Round = heartbeat.Round, LastIndex = log.LastIndex.Value };
        SendNow(reply);
    }

    private void OnInstallSnapshot(NodeId from, InstallSnapshot install)
    {
        if (!RaftConfiguration.TryFromWire(install.Configuration, out var configuration) || install.LastIndex == 0)
        {
            Reject(from, $"the snapshot at {install.LastIndex} names no valid configuration");
            return;
        }

        HearLeader(from);
        var index = new LogIndex(install.LastIndex);
        var itsTerm = new Term(install.LastTerm);
        if (index > commit && log.TryTermAt(index, out var held) && held == itsTerm)
        {
            // The log reached the snapshot by itself meanwhile: its entries are as good, and what follows them stays.
            Commit(index);
        }
        else if (index > commit)
        {
            RestoreFrom(new SnapshotMeta(index, itsTerm, configuration));
        }

        Acknowledge(from, LogIndex.Max(commit, index), round: 0);
    }

    /// <summary>What no leader sends would otherwise be an exception in the middle of an append.</summary>
    private string? FaultOf(AppendEntries append)
    {
        var (index, last) = (append.PrevIndex, append.PrevTerm);
        foreach (var entry in append.Entries)
        {
            if (entry.Index != ++index || entry.Term < last || entry.Term > term.Value)
            {
                return $"entry {entry.Index} of term {entry.Term} cannot follow {index - 1} of term {last} in term {term}";
            }

            last = entry.Term;
            if (entry.Kind == EntryKind.Configuration && !RaftConfiguration.TryParse(entry.Data, out _))
            {
                return $"entry {entry.Index} holds no valid configuration";
            }
        }

        return append.PrevTerm > term.Value ? $"the entry before is of term {append.PrevTerm}, past {term}" : null;
    }
}
