namespace Cluster.Engine.Sharding;

/// <summary>
/// Bounds of a shard's memory of requests. They decide what replicas forget, so they are part of the replicated state: the same on every node of a cluster,
/// or the replicas diverge.
/// </summary>
internal sealed record SessionOptions
{
    /// <summary>Sessions a shard remembers; the one that wrote longest ago is forgotten first. One HTTP idempotency key is one session.</summary>
    public int MaxSessions { get; init; } = 65_536;

    /// <summary>Replies a session keeps while its caller acknowledges none: more than a caller keeps under way on one shard.</summary>
    public int MaxRepliesPerSession { get; init; } = 1_024;

    /// <summary>Longest reply kept, in bytes; of a longer one only the fact is kept that its request took effect.</summary>
    public int MaxReplyBytes { get; init; } = 64 * 1024;

    /// <summary>All kept replies of a shard, in bytes; past it the sessions that wrote longest ago are forgotten.</summary>
    public long MaxTotalReplyBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>A planted flaw: requests are decided as if they had no session, so that a retry takes effect again.</summary>
    public bool Forgotten { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    public SessionOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSessions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxSessions, 1 << 24);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRepliesPerSession, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRepliesPerSession, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxReplyBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTotalReplyBytes, (long)MaxReplyBytes);
        return this;
    }
}
