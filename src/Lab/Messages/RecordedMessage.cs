namespace Cluster.Lab.Messages;

/// <summary>A message between two nodes as the recording of both ends has it: an arrow of the space-time diagram, a line of <c>messages.jsonl</c>.</summary>
/// <param name="Kind">AppendEntries, RequestVote, Heartbeat, Request ...: see docs/reports.md.</param>
/// <param name="Shard">The shard it is about; 0 is the control plane; null where it is about none.</param>
/// <param name="Term">The sender's Raft term; null where there is none.</param>
/// <param name="Keys">The keys that it touches, the first few. An answer has those of what it answers.</param>
/// <param name="SentAt">In nanoseconds on the history's clock; where only the receipt is recorded, that.</param>
/// <param name="ReceivedAt">When it came in, even if it was dropped there; null: it did not, or the receiver's record is gone.</param>
/// <param name="DroppedBecause">Why it was lost; null where it arrived, or nobody knows.</param>
/// <param name="Text">The rest in words.</param>
public sealed record RecordedMessage(
    string From, string To, string Kind, uint? Shard, ulong? Term, IReadOnlyList<string> Keys, int Bytes, long SentAt, long? ReceivedAt, string? DroppedBecause, string Text)
{
    /// <summary>Whether a node only says by it that it is alive: the bulk of what is recorded, and the first to be left out.</summary>
    public bool IsHeartbeat => Kind is "Heartbeat" or "HeartbeatReply" or "NodeHeartbeat" or "NodeHeartbeatReply";
}
