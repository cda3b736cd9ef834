namespace Cluster.Shared.Http;

/// <summary>
/// One thing that happened in the cluster, as one node tells it: a line of its event stream. Which of the optional parts are there, the kind says; absent ones
/// are null and may be left out of the JSON.
/// </summary>
/// <remarks>
/// Moves and leaders are told by those who know best, so two nodes' streams differ: who wants all of it reads every node's, and tells them apart by
/// <paramref name="Node"/>.
/// </remarks>
/// <param name="Sequence">
/// Rises by one with each event of a node. A node that has started again goes on far above (its incarnation times 1,000,000,000), so "after this one" holds
/// across restarts; a reader that finds a gap missed what the node no longer keeps.
/// </param>
/// <param name="At">By the telling node's clock.</param>
/// <param name="Node">Who tells it.</param>
/// <param name="Text">All of it in words, for people.</param>
public sealed record ClusterEventView(ulong Sequence, DateTimeOffset At, string Node, ClusterEventKind Kind, string Text)
{
    /// <summary>Whom it is about: the member that changed or was lost.</summary>
    public string? Member { get; init; }

    /// <summary>MemberChanged: joining, up, leaving, exiting, down or removed.</summary>
    public string? Status { get; init; }

    /// <summary>ReachabilityChanged: whether the member is heard now.</summary>
    public bool? Reachable { get; init; }

    /// <summary>The shard it is about; 0 is the control plane.</summary>
    public uint? Shard { get; init; }

    /// <summary>LeaderChanged: who leads it now; absent when the telling node knows nobody.</summary>
    public string? Leader { get; init; }

    /// <summary>LeaderChanged: the Raft term.</summary>
    public ulong? Term { get; init; }

    /// <summary>ShardPlaced: who shall hold it, the preferred leader first.</summary>
    public IReadOnlyList<string>? Replicas { get; init; }

    /// <summary>ModeChanged: the mode's slug.</summary>
    public string? Mode { get; init; }

    /// <summary>MoveStarted, MoveEnded.</summary>
    public MoveView? Move { get; init; }
}
