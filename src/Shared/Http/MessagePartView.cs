namespace Cluster.Shared.Http;

/// <summary>One message inside a recorded frame, decoded for people: what it is, what it is about, and the rest in words. Parts that a kind has not are null.</summary>
/// <param name="Kind">
/// AppendEntries, AppendReply, Heartbeat, HeartbeatReply, PreVote, RequestVote, PreVoteReply, VoteReply, TimeoutNow, InstallSnapshot, SnapshotChunk,
/// SnapshotChunkReply, ReplicaQuery, ReplicaAnswer, Request, Reply, Actor, the control channel's own names (NodeHeartbeat, JoinRequest ...), or Unreadable.
/// </param>
/// <param name="Text">What the other fields do not say.</param>
/// <param name="Bytes">Encoded length, without the frame's header.</param>
public sealed record MessagePartView(string Kind, string Text, int Bytes)
{
    /// <summary>The shard it is about; 0 is the control plane.</summary>
    public uint? Shard { get; init; }

    /// <summary>The sender's Raft term.</summary>
    public ulong? Term { get; init; }

    /// <summary>First log index that it carries or acknowledges.</summary>
    public ulong? First { get; init; }

    /// <summary>Last log index that it carries or acknowledges.</summary>
    public ulong? Last { get; init; }

    /// <summary>Keys and entities that it touches, the first few, each cut to a bounded length.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Request, Reply: what joins the two, together with the nodes.</summary>
    public ulong? Correlation { get; init; }
}
