namespace Cluster.Shared.Http;

/// <summary>
/// One end of one frame's way, as the node there recorded it: a line of <c>GET /admin/recording/messages</c>. The sender's record and the receiver's are of the
/// same frame when sender, session and number are equal.
/// </summary>
/// <param name="Sequence">
/// Rises by one with each record of a node; a gap means that records were overwritten before they were read. A recording that is started anew goes on far above.
/// </param>
/// <param name="From">The sender's name.</param>
/// <param name="To">The receiver's name; its address where it has never said its name.</param>
/// <param name="Channel">The subsystem: Consensus, Shard, ShardReplies, Control, Actor, SnapshotChunks, SnapshotReplies.</param>
/// <param name="Lane">Interactive or Bulk.</param>
/// <param name="Bytes">Payload of the frame.</param>
/// <param name="Parts">The messages in it; a bounded number of them.</param>
public sealed record MessageRecordView(ulong Sequence, string From, string To, string Channel, string Lane, int Bytes, IReadOnlyList<MessagePartView> Parts)
{
    /// <summary>When the sender gave it to its transport, in nanoseconds of the machine's monotonic clock; null in a receiver's record.</summary>
    public long? SentAt { get; init; }

    /// <summary>When the receiver had read it, in nanoseconds of the machine's monotonic clock; null in a sender's record.</summary>
    public long? ReceivedAt { get; init; }

    /// <summary>The connection that carried it, as both ends name it; null for a frame that got onto none.</summary>
    public string? Session { get; init; }

    /// <summary>Which frame of its direction of the session it is, from 0.</summary>
    public long? Number { get; init; }

    /// <summary>Why it was lost at this end; null when it was not.</summary>
    public string? DroppedBecause { get; init; }

    /// <summary>Whether a link fault made it, as a duplicate of another one.</summary>
    public bool? IsDuplicate { get; init; }
}
