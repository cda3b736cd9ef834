using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>What this replica knows of another one: its vote while campaigning, its progress while leading (Raft figure 2, nextIndex and matchIndex).</summary>
internal sealed class Peer(NodeId id, RaftOptions options)
{
    public NodeId Id { get; } = id;

    public bool IsVoter { get; set; }

    /// <summary>Its answer to the campaign under way; null while it is silent.</summary>
    public bool? Vote { get; set; }

    public LogIndex Match { get; private set; }

    public LogIndex Next { get; set; }

    public ReplicationState State { get; private set; }

    /// <summary>In probe state: an append is on its way, the next waits for its answer or for a sign of life.</summary>
    public bool ProbeSent { get; set; }

    /// <summary>In snapshot state: what the peer will hold afterwards.</summary>
    public LogIndex PendingSnapshot { get; private set; }

    /// <summary>The latest round that it acknowledged in this term.</summary>
    public ulong AckedRound { get; set; }

    public TimeSpan LastContact { get; set; }

    /// <summary>Bytes of entries sent to it in this term, whether they arrived or not.</summary>
    public long SentBytes { get; set; }

    /// <summary>When an append was last answered or deliberately sent to find out: spaces the questions asked of a silent pipeline.</summary>
    public TimeSpan LastAppendActivity { get; set; }

    public InflightWindow Inflight { get; } = new(options.MaxInflightAppends, options.MaxInflightBytes);

    /// <summary>A new term of leadership begins: nothing is known, and the peer gets one quorum timeout to be heard from.</summary>
    public void BeginTerm(LogIndex next, TimeSpan now)
    {
        Match = LogIndex.Zero;
        AckedRound = 0;
        SentBytes = 0;
        (LastContact, LastAppendActivity) = (now, now);
        Probe(next);
    }

    public void Probe(LogIndex next)
    {
        (State, Next, ProbeSent, PendingSnapshot) = (ReplicationState.Probe, next, false, LogIndex.Zero);
        Inflight.Clear();
    }

    public void Replicate()
    {
        (State, Next, ProbeSent, PendingSnapshot) = (ReplicationState.Replicate, Match.Next, false, LogIndex.Zero);
        Inflight.Clear();
    }

    public void AwaitSnapshot(LogIndex snapshot)
    {
        (State, PendingSnapshot, ProbeSent) = (ReplicationState.Snapshot, snapshot, false);
        Inflight.Clear();
    }

    /// <summary>Takes an acknowledgement; an older one than known changes nothing.</summary>
    public void Matched(LogIndex match)
    {
        Match = LogIndex.Max(Match, match);
        Next = LogIndex.Max(Next, Match.Next);
        Inflight.FreeThrough(match);
    }
}
