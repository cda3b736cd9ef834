using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>
/// One replica of one Raft group (Ongaro and Ousterhout 2014, extended version; Ongaro's thesis 2014): a pure state machine. Time and messages go
/// in, <see cref="TakeEffects"/> gives what to persist, send and apply. Guarantees, while fewer than a majority of disks lose what they
/// acknowledged: one leader a term, committed entries in every later leader's log, the same entries applied everywhere in the same order,
/// and, with clock rates within <see cref="RaftOptions.MaxClockDrift"/>, no stale read by lease. Not thread-safe: one shell calls it.
/// </summary>
public sealed partial class RaftCore
{
    private readonly RaftOptions options;
    private readonly RaftLog log;
    private readonly bool fresh;
    private SplitMix64 random;
    private TimeSpan clock;
    private bool started;

    private Term term;
    private NodeId votedFor;
    private RaftRole role;
    private NodeId leader;
    private LogIndex commit;
    private bool storageFailed;
    private bool retiring;

    /// <summary>Every other member of the configuration, by rising id: the order in which messages leave, so that a seed replays a run.</summary>
    private Peer[] peers = [];

    /// <param name="options">The same on every replica of the group.</param>
    /// <param name="group">Stands in every message.</param>
    /// <param name="self">This replica's node.</param>
    /// <param name="recovered">What the disk holds. The state machine stands at its snapshot; entries after it come again as committed.</param>
    /// <param name="seed">Of election timeouts. Different on each replica, or they time out together.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or what was recovered has a gap.</exception>
    public RaftCore(RaftOptions options, ShardId group, NodeId self, RaftRecovery recovered, ulong seed)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfEqual(self.IsNone, true, nameof(self));
        this.options = options;
        Group = group;
        Self = self;
        fresh = recovered.Fresh;
        random = new SplitMix64(seed);
        log = RecoverLog(recovered);
        RecoverTerm(recovered.HardState);
        handed = persisted = log.LastIndex;
        emitted = commit = snapshot.Index;
        Commit(LogIndex.Max(commit, LogIndex.Min(recovered.HardState.Commit, log.LastIndex)));
        hardStateWritten = recovered.HardState;
        RebuildPeers();
    }

    public ShardId Group { get; }

    public NodeId Self { get; }

    public RaftRole Role => role;

    public Term CurrentTerm => term;

    /// <summary>Whom this replica has voted for in its term; none if nobody.</summary>
    public NodeId Vote => votedFor;

    /// <summary>Who leads, as far as this replica knows: a hint for routing, no proof.</summary>
    public NodeId? Leader => leader.IsNone ? null : leader;

    public LogIndex CommitIndex => commit;

    public LogIndex LastIndex => log.LastIndex;

    /// <summary>The first entry still held; those before are compacted away.</summary>
    public LogIndex FirstIndex => log.FirstIndex;

    /// <summary>The highest index known to be on this replica's disk.</summary>
    public LogIndex PersistedIndex => persisted;

    /// <summary>While leader: the first entry of this leadership. Once it is applied, the state holds all that earlier leaders committed.</summary>
    public LogIndex TermStart => termStart;

    /// <summary>Of the entries held in memory.</summary>
    public long LogBytes => log.Bytes;

    /// <summary>While leader: bytes taken on and not committed yet.</summary>
    public long UncommittedBytes => uncommittedBytes;

    /// <summary>When <see cref="Tick"/> next has something to do: a shell need not call it before.</summary>
    public TimeSpan NextTick => role switch
    {
        RaftRole.Leader => nextHeartbeat,
        RaftRole.Follower => electionDeadline,
        _ => electionDeadline < nextCampaignResend ? electionDeadline : nextCampaignResend,
    };

    /// <summary>What this leader knows of its peers, by rising id; empty on any other replica.</summary>
    public IReadOnlyList<PeerProgress> Progress()
    {
        if (role != RaftRole.Leader)
        {
            return [];
        }

        var progress = new PeerProgress[peers.Length];
        for (var i = 0; i < peers.Length; i++)
        {
            var peer = peers[i];
            progress[i] = new PeerProgress(peer.Id, peer.IsVoter, peer.Match, peer.Next, peer.State, peer.LastContact);
        }

        return progress;
    }

    /// <summary>While leader: bytes of entries sent to that peer in this term; 0 where there is no such peer.</summary>
    public long SentBytesTo(NodeId peer) => role == RaftRole.Leader ? PeerOf(peer)?.SentBytes ?? 0 : 0;

    /// <summary>While leader: whether some peer lacks more than so many entries, or has to be sent a snapshot.</summary>
    public bool AnyBehind(ulong entries)
    {
        if (role == RaftRole.Leader)
        {
            foreach (var peer in peers)
            {
                if (peer.State == ReplicationState.Snapshot || peer.Match.Value + entries < log.LastIndex.Value)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Lets time pass: elections, heartbeats, step-down. Often enough for <see cref="NextTick"/> to be met within some milliseconds.</summary>
    public void Tick(TimeSpan now)
    {
        Advance(now);
        if (role == RaftRole.Leader)
        {
            TickLeader();
        }
        else
        {
            TickElection();
        }
    }

    /// <summary>Takes a message from another replica of the group. One that no correct replica sends is ignored and reported as an event.</summary>
    /// <exception cref="InvariantViolated">The message proves that the group's safety is broken.</exception>
    public void Step(TimeSpan now, RaftMessage message)
    {
        Advance(now);
        if (message.Group != Group.Value || message.To != Self.Value || message.From == Self.Value || message.From == 0)
        {
            Reject(new NodeId(message.From), "it is not addressed to this replica");
            return;
        }

        var from = new NodeId(message.From);
        var theirs = new Term(message.Term);
        if (storageFailed)
        {
            NoteLeader(from, theirs, message.BodyCase);
            return;
        }

        switch (message.BodyCase)
        {
            case RaftMessage.BodyOneofCase.Vote:
                OnRequestVote(from, theirs, message.Vote);
                return;
            case RaftMessage.BodyOneofCase.VoteReply:
                OnVoteReply(from, theirs, message.VoteReply);
                return;
        }

        if (theirs < term)
        {
            OnOlderTerm(from, message.BodyCase);
            return;
        }

        if (theirs > term)
        {
            OnNewerTerm(from, theirs, message.BodyCase);
        }

        switch (message.BodyCase)
        {
            case RaftMessage.BodyOneofCase.Append:
                OnAppend(from, message.Append);
                break;
            case RaftMessage.BodyOneofCase.AppendReply:
                OnAppendReply(from, message.AppendReply);
                break;
            case RaftMessage.BodyOneofCase.Heartbeat:
                OnHeartbeat(from, message.Heartbeat);
                break;
            case RaftMessage.BodyOneofCase.HeartbeatReply:
                OnHeartbeatReply(from, message.HeartbeatReply);
                break;
            case RaftMessage.BodyOneofCase.Snapshot:
                OnInstallSnapshot(from, message.Snapshot);
                break;
            case RaftMessage.BodyOneofCase.TimeoutNow:
                OnTimeoutNow(from);
                break;
            default:
                Reject(from, "it has no body");
                break;
        }
    }

    private static bool IsFromLeader(RaftMessage.BodyOneofCase body) =>
        body is RaftMessage.BodyOneofCase.Append or RaftMessage.BodyOneofCase.Heartbeat or RaftMessage.BodyOneofCase.Snapshot;

    /// <summary>The first call tells the core what time it is: all that it must wait for after a start is counted from there.</summary>
    private void Advance(TimeSpan now)
    {
        if (!started)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(now, TimeSpan.Zero);
            started = true;
            clock = now;
            BeginWaiting();
        }
        else if (now > clock)
        {
            clock = now;
        }
    }

    /// <summary>
    /// A deposed leader, or a follower cut off so long that it moved on to a higher term by itself. Both leaders and candidates learn our term
    /// from the answer: without it, a replica that sits in a higher term would ignore its leader for ever, while check-quorum and pre-vote keep
    /// that replica from winning.
    /// </summary>
    private void OnOlderTerm(NodeId from, RaftMessage.BodyOneofCase body)
    {
        if (IsFromLeader(body))
        {
            var notice = Envelope(from);
            notice.AppendReply = new AppendReply();
            SendAfterPersist(notice);
        }
    }

    private void OnNewerTerm(NodeId from, Term theirs, RaftMessage.BodyOneofCase body)
    {
        var led = role == RaftRole.Leader;
        BecomeFollower(theirs, IsFromLeader(body) ? from : NodeId.None);
        if (led && leader.IsNone)
        {
            Event(new SteppedDown(term, $"{from} is in a newer term"));
            RetrySoon();
        }
    }

    private void BecomeFollower(Term newTerm, NodeId newLeader)
    {
        if (newTerm < term)
        {
            throw new InvariantViolated("term never goes back", $"{Group} on {Self}: from {term} to {newTerm}");
        }

        if (newTerm > term)
        {
            (term, votedFor, leader) = (newTerm, NodeId.None, NodeId.None);
        }

        if (role == RaftRole.Leader)
        {
            EndLeadership();
        }

        if (!newLeader.IsNone && newLeader != leader)
        {
            Event(new LeaderElected(term, newLeader));
        }

        leader = newLeader;
        SetRole(RaftRole.Follower);
    }

    private void SetRole(RaftRole next)
    {
        if (role != next)
        {
            Event(new RoleChanged(term, role, next));
            role = next;
        }
    }

    private Peer? PeerOf(NodeId node)
    {
        foreach (var peer in peers)
        {
            if (peer.Id == node)
            {
                return peer;
            }
        }

        return null;
    }

    private RaftMessage Envelope(NodeId to) => new() { Group = Group.Value, From = Self.Value, To = to.Value, Term = term.Value };

    private void SendNow(RaftMessage message) => open.SendNowList.Add(message);

    private void SendAfterPersist(RaftMessage message) => open.SendAfterPersistList.Add(message);

    private void Event(RaftEvent happened) => open.EventList.Add(happened);

    private void Reject(NodeId from, string reason) => Event(new MessageRejected(term, from, reason));

    private bool Flawed(RaftFlaws flaw) => (options.Flaws & flaw) != 0;
}
