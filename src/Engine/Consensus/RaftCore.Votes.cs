using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>How a replica votes: once a term (Raft 5.2), only for logs as complete as its own (5.4.1), and not against a leader it has just
/// heard (thesis 4.2.3, 6.4.1).</summary>
public sealed partial class RaftCore
{
    /// <summary>
    /// Until then this replica helps nobody but <see cref="promisedTo"/> to become leader. It outlives changes of term and, by waiting as long
    /// after a start, restarts: a leader's lease counts on every replica that acknowledged it.
    /// </summary>
    private TimeSpan promisedUntil;

    private NodeId promisedTo;

    private void OnRequestVote(NodeId from, Term theirs, RequestVote request)
    {
        var asked = new Term(request.CampaignTerm);
        if (asked != (request.PreVote ? theirs.Next : theirs))
        {
            Reject(from, $"it asks for a vote in term {asked} and is in term {theirs}");
            return;
        }

        if (request.PreVote)
        {
            SendNow(VoteAnswer(from, request, asked > term && !IsGuarded(from) && IsUpToDate(request)));
            return;
        }

        // A guarded replica does not even take over the term: a replica that comes back from a partition must not depose a working leader.
        if (asked >= term && (request.Transfer || !IsGuarded(from)))
        {
            OnVoteOpen(from, asked, request);
            return;
        }

        SendAfterPersist(VoteAnswer(from, request, granted: false));
    }

    private void OnVoteOpen(NodeId from, Term asked, RequestVote request)
    {
        if (asked > term)
        {
            BecomeFollower(asked, NodeId.None);
        }

        var free = (leader.IsNone && votedFor.IsNone) || votedFor == from || Flawed(RaftFlaws.VoteTwice);
        var granted = free && IsUpToDate(request);
        if (granted)
        {
            GiveVote(from);
            electionDeadline = clock + ElectionTimeout();
        }

        SendAfterPersist(VoteAnswer(from, request, granted));
    }

    /// <summary>
    /// A leader vouches for itself: check-quorum ends its term if it is cut off. Who asks for votes after leading itself does not lead any more,
    /// so the promise made to it binds nobody against it.
    /// </summary>
    private bool IsGuarded(NodeId candidate) => role == RaftRole.Leader || (clock < promisedUntil && promisedTo != candidate);

    private bool IsUpToDate(RequestVote request)
    {
        var lastTerm = new Term(request.LastTerm);
        return lastTerm > log.LastTerm || (lastTerm == log.LastTerm && request.LastIndex >= log.LastIndex.Value) || Flawed(RaftFlaws.IgnoreCandidateLog);
    }

    private void GiveVote(NodeId candidate)
    {
        if (!votedFor.IsNone && votedFor != candidate && !Flawed(RaftFlaws.VoteTwice))
        {
            throw new InvariantViolated("at most one vote a term", $"{Group} on {Self}, term {term}: {votedFor}, then {candidate}");
        }

        votedFor = candidate;
        Event(new VoteGranted(term, candidate));
    }

    private RaftMessage VoteAnswer(NodeId to, RequestVote request, bool granted)
    {
        var answer = Envelope(to);
        answer.VoteReply = new VoteReply { PreVote = request.PreVote, Granted = granted, CampaignTerm = request.CampaignTerm };
        return answer;
    }

    /// <summary>The leader of the current term is alive.</summary>
    private void HearLeader(NodeId from)
    {
        if (role == RaftRole.Leader || (!leader.IsNone && leader != from))
        {
            throw new InvariantViolated("at most one leader a term", $"{Group} on {Self}, term {term}: {(leader.IsNone ? Self : leader)}, then {from}");
        }

        if (leader != from || role != RaftRole.Follower)
        {
            BecomeFollower(term, from);
        }

        campaignsWithoutLeader = 0;
        electionDeadline = clock + ElectionTimeout();
        (promisedTo, promisedUntil) = (from, clock + options.ElectionTimeoutMin);
    }
}
