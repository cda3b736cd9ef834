using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>How a leader brings its peers' logs to its own: probing, pipelining within a window (thesis 10.2.1), committing (Raft 5.3, 5.4.2).</summary>
public sealed partial class RaftCore
{
    private void FlushAppends()
    {
        foreach (var peer in peers)
        {
            switch (peer.State)
            {
                case ReplicationState.Probe when !peer.ProbeSent && peer.Match < log.LastIndex:
                    SendAppend(peer);
                    peer.ProbeSent = true;
                    break;
                case ReplicationState.Replicate:
                    while (peer.State == ReplicationState.Replicate && peer.Next <= log.LastIndex && !peer.Inflight.IsFull)
                    {
                        SendAppend(peer);
                    }

                    break;
            }
        }
    }

    private void SendAppend(Peer peer)
    {
        var previous = peer.Next.Previous;
        if (!log.TryTermAt(previous, out var previousTerm))
        {
            AskForSnapshot(peer);
            return;
        }

        var append = new AppendEntries { PrevIndex = previous.Value, PrevTerm = previousTerm.Value, Commit = commit.Value, Round = round };
        var bytes = 0;
        var next = peer.Next;
        while (next <= log.LastIndex)
        {
            var entry = log[next];
            var size = RaftLog.SizeOf(entry);
            if (bytes > 0 && bytes + size > options.MaxAppendBytes)
            {
                break;
            }

            append.Entries.Add(entry);
            bytes += size;
            next = next.Next;
        }

        peer.SentBytes += bytes;
        if (peer.State == ReplicationState.Replicate)
        {
            peer.Next = next;
            peer.Inflight.Add(next.Previous, bytes);
        }

        Send(peer, append);
    }

    private void Send(Peer peer, AppendEntries append)
    {
        peer.LastAppendActivity = clock;
        var message = Envelope(peer.Id);
        message.Append = append;
        SendNow(message);
    }

    /// <summary>
    /// An append without entries at the end of the pipeline: if the entries before it were lost, or the peer forgot them in a crash, its refusal
    /// says so. Does not count against the window, which the lost ones may fill.
    /// </summary>
    private void AskWhatArrived(Peer peer)
    {
        var previous = peer.Next.Previous;
        if (!log.TryTermAt(previous, out var previousTerm))
        {
            // Compacted since: only what it last acknowledged is left to begin from.
            ChangeToProbe(peer, peer.Match.Next);
            return;
        }

        Send(peer, new AppendEntries { PrevIndex = previous.Value, PrevTerm = previousTerm.Value, Commit = commit.Value, Round = round });
    }

    private void OnAppendReply(NodeId from, AppendReply reply)
    {
        if (role != RaftRole.Leader || PeerOf(from) is not { } peer)
        {
            return;
        }

        if (reply.MatchIndex > log.LastIndex.Value || reply.Round > round)
        {
            Reject(from, $"it acknowledges entry {reply.MatchIndex} and round {reply.Round}; the last are {log.LastIndex} and {round}");
            return;
        }

        Heard(peer, reply.Round);
        peer.LastAppendActivity = clock;
        if (reply.Success)
        {
            OnAccepted(peer, new LogIndex(reply.MatchIndex));
        }
        else
        {
            OnRefused(peer, reply);
        }
    }

    private void OnAccepted(Peer peer, LogIndex match)
    {
        peer.Matched(match);
        var caughtUp = peer.State switch
        {
            ReplicationState.Probe => true,
            ReplicationState.Snapshot => peer.Match >= peer.PendingSnapshot || peer.Match >= log.BaseIndex,
            _ => false,
        };
        if (caughtUp)
        {
            peer.Replicate();
            Event(new PeerStateChanged(term, peer.Id, peer.State));
        }

        CommitByMajority();
        FinishTransferWhenCaughtUp(peer);
    }

    private void OnRefused(Peer peer, AppendReply reply)
    {
        var refused = new LogIndex(reply.RejectedIndex);
        switch (peer.State)
        {
            case ReplicationState.Replicate when refused > peer.Match:
                ChangeToProbe(peer, SharedWith(peer, reply));
                break;
            case ReplicationState.Probe when refused == peer.Next.Previous:
                peer.Probe(SharedWith(peer, reply));
                break;
        }
    }

    /// <summary>Where to look next: after the last own entry that is not past what the peer named, and never before what it acknowledged.</summary>
    private LogIndex SharedWith(Peer peer, AppendReply reply)
    {
        var hint = LogIndex.Min(new LogIndex(reply.ConflictIndex), new LogIndex(reply.RejectedIndex).Previous);
        var shared = hint < log.BaseIndex ? hint : log.LastNotPast(new Term(reply.ConflictTerm), hint);
        return LogIndex.Max(shared.Next, peer.Match.Next);
    }

    private void ChangeToProbe(Peer peer, LogIndex next)
    {
        peer.Probe(next);
        Event(new PeerStateChanged(term, peer.Id, peer.State));
    }

    private void OnHeartbeatReply(NodeId from, HeartbeatReply reply)
    {
        if (role != RaftRole.Leader || PeerOf(from) is not { } peer)
        {
            return;
        }

        if (reply.Round > round)
        {
            Reject(from, $"it acknowledges round {reply.Round}; the last is {round}");
            return;
        }

        Heard(peer, reply.Round);
        if (peer.State == ReplicationState.Snapshot)
        {
            if (reply.LastIndex >= peer.PendingSnapshot.Value)
            {
                // The snapshot arrived and its acknowledgement was lost.
                ChangeToProbe(peer, peer.PendingSnapshot.Next);
            }
        }
        else if (peer.Match < log.LastIndex && clock - peer.LastAppendActivity >= options.HeartbeatInterval)
        {
            Nudge(peer);
        }
    }

    /// <summary>The peer is alive, behind, and has not answered an append for a while.</summary>
    private void Nudge(Peer peer)
    {
        if (peer.State == ReplicationState.Probe)
        {
            peer.ProbeSent = false;
        }
        else
        {
            AskWhatArrived(peer);
        }
    }

    private void Heard(Peer peer, ulong acknowledgedRound)
    {
        peer.LastContact = clock;
        if (acknowledgedRound > peer.AckedRound)
        {
            peer.AckedRound = acknowledgedRound;
            CompleteRounds();
        }
    }

    /// <summary>An entry is committed once a majority has it on disk and it is of the leader's own term; those before it come with it (Raft
    /// 5.4.2). The leader's own copy counts like any other: when it is written.</summary>
    private void CommitByMajority()
    {
        Span<ulong> stored = stackalloc ulong[RaftConfiguration.MaxVoters];
        var voters = 0;
        foreach (var peer in peers)
        {
            if (peer.IsVoter)
            {
                stored[voters++] = peer.Match.Value;
            }
        }

        if (Configuration.IsVoter(Self))
        {
            stored[voters++] = persisted.Value;
        }

        var reached = new LogIndex(ReachedByMajority(stored[..voters]));
        if (reached > commit && (reached >= termStart || Flawed(RaftFlaws.CommitOlderTermByCount)))
        {
            for (var index = commit.Next; index <= reached; index = index.Next)
            {
                uncommittedBytes -= RaftLog.SizeOf(log[index]);
            }

            Commit(reached);
            LeaveWhenRemoved();
        }
    }

    private void Commit(LogIndex upTo)
    {
        if (upTo < commit || upTo > log.LastIndex)
        {
            throw new InvariantViolated("commit grows within the log", $"{Group} on {Self}, term {term}: from {commit} to {upTo}, last {log.LastIndex}");
        }

        commit = upTo;
    }
}
