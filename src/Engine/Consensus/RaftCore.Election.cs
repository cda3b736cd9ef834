using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>How a replica comes to lead: election timeout, pre-vote (thesis 9.6), vote (Raft 5.2, 5.4.1).</summary>
public sealed partial class RaftCore
{
    private const int MostBackoffDoublings = 4;

    private TimeSpan electionDeadline;
    private TimeSpan nextCampaignResend;
    private int campaignsWithoutLeader;
    private bool selfVoted;
    private bool campaignIsTransfer;

    /// <summary>The batch that writes this candidate's vote for itself.</summary>
    private long ownVoteBatch;

    /// <summary>Campaigns at once, where that breaks no promise to a leader: for the replica that should lead a group founded just now.</summary>
    public void Campaign(TimeSpan now)
    {
        Advance(now);
        if (MayCampaign())
        {
            StartPreVote();
        }
    }

    private void BeginWaiting()
    {
        promisedUntil = fresh || Flawed(RaftFlaws.NoGuardAfterRestart) ? clock : clock + options.ElectionTimeoutMin;
        electionDeadline = IsSoleVoter ? promisedUntil : clock + ElectionTimeout();
    }

    private void TickElection()
    {
        if (clock >= electionDeadline)
        {
            electionDeadline = clock + ElectionTimeout();
            if (MayCampaign())
            {
                StartPreVote();
            }
        }
        else if (role != RaftRole.Follower && clock >= nextCampaignResend)
        {
            AskForVotes();
        }
    }

    /// <summary>A candidate's own vote helps to elect another leader as anybody's does, so the promise to a leader binds it too.</summary>
    private bool MayCampaign() => role != RaftRole.Leader && !storageFailed && !retiring && Configuration.IsVoter(Self) && clock >= promisedUntil;

    private void StartPreVote()
    {
        leader = NodeId.None;
        campaignsWithoutLeader++;
        SetRole(RaftRole.PreCandidate);
        BeginCampaign(isTransfer: false);
        selfVoted = true;
        AskForVotes();
        Tally();
    }

    private void StartVote(bool isTransfer)
    {
        leader = NodeId.None;
        (term, votedFor) = (term.Next, NodeId.None);
        SetRole(RaftRole.Candidate);
        BeginCampaign(isTransfer);
        GiveVote(Self);

        // The own vote counts like anybody's: when it is on disk. A group's only voter would otherwise lead a term that it may forget in a crash,
        // lead the same term again, and give a learner two different entries for one index and term.
        ownVoteBatch = batch + 1;
        AskForVotes();
    }

    private void BeginCampaign(bool isTransfer)
    {
        campaignIsTransfer = isTransfer;
        electionDeadline = clock + ElectionTimeout();
        selfVoted = false;
        foreach (var peer in peers)
        {
            peer.Vote = null;
        }
    }

    /// <summary>Asks those who have not answered; again every heartbeat interval, as the first request may be lost or come before a founding
    /// replica stands.</summary>
    private void AskForVotes()
    {
        nextCampaignResend = clock + options.HeartbeatInterval;
        var isPreVote = role == RaftRole.PreCandidate;
        foreach (var peer in peers)
        {
            if (!peer.IsVoter || peer.Vote is not null)
            {
                continue;
            }

            var request = Envelope(peer.Id);
            request.Vote = new RequestVote
            {
                PreVote = isPreVote,
                CampaignTerm = isPreVote ? term.Next.Value : term.Value,
                LastIndex = log.LastIndex.Value,
                LastTerm = log.LastTerm.Value,
                Transfer = campaignIsTransfer,
            };
            if (isPreVote)
            {
                SendNow(request);
            }
            else
            {
                SendAfterPersist(request);
            }
        }
    }

    private void OnVoteReply(NodeId from, Term theirs, VoteReply reply)
    {
        if (theirs > term)
        {
            var campaigned = role is RaftRole.PreCandidate or RaftRole.Candidate;
            OnNewerTerm(from, theirs, RaftMessage.BodyOneofCase.VoteReply);
            if (campaigned)
            {
                RetrySoon();
            }

            return;
        }

        var answersPreVote = reply.PreVote && role == RaftRole.PreCandidate && reply.CampaignTerm == term.Next.Value;
        var answersVote = !reply.PreVote && role == RaftRole.Candidate && reply.CampaignTerm == term.Value && (theirs == term || !reply.Granted);
        if ((!answersPreVote && !answersVote) || PeerOf(from) is not { IsVoter: true } peer)
        {
            return;
        }

        // The first answer stands: a refusal that a resent request turned into a grant counts, a grant is never taken back.
        peer.Vote = reply.Granted || peer.Vote == true;
        if (!reply.Granted)
        {
            RetrySoon();
        }

        Tally();
    }

    private void Tally()
    {
        var granted = selfVoted && Configuration.IsVoter(Self) ? 1 : 0;
        foreach (var peer in peers)
        {
            granted += peer is { IsVoter: true, Vote: true } ? 1 : 0;
        }

        if (granted < Configuration.Majority)
        {
            return;
        }

        if (role == RaftRole.PreCandidate)
        {
            StartVote(isTransfer: false);
        }
        else
        {
            BecomeLeader();
        }
    }

    /// <summary>
    /// Who is refused need not sit out an election timeout: in a group of three with a dead leader a split vote leaves both candidates one vote
    /// short, and a whole timeout more would make that failover last over a second. The wait is random, so that one is first, and
    /// doubles, so that a replica which only a part of the group can hear does not keep asking.
    /// </summary>
    private void RetrySoon()
    {
        var doublings = Math.Clamp(campaignsWithoutLeader - 1, 0, MostBackoffDoublings);
        var retry = clock + (random.Between(options.RetryBackoffMin, options.RetryBackoffMax) * (1 << doublings));
        electionDeadline = retry < electionDeadline || electionDeadline <= clock ? retry : electionDeadline;
    }

    private void OnTimeoutNow(NodeId from)
    {
        if (role == RaftRole.Leader)
        {
            Reject(from, "TimeoutNow comes from the leader of the term, which this replica is");
        }
        else if (!retiring && Configuration.IsVoter(Self) && (leader.IsNone || leader == from))
        {
            // The sender gave up its lease when it sent this, for the rest of its term: however late it comes, no lease is broken.
            StartVote(isTransfer: true);
        }
    }

    private TimeSpan ElectionTimeout() => random.Between(options.ElectionTimeoutMin, options.ElectionTimeoutMax);
}
