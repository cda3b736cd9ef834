using Cluster.Shared.Http;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>
/// Says in words what a frame holds, a part for each message in it. Total: bytes that are cut off are decoded as far as they go, foreign bytes become one part
/// that says so, and nothing throws.
/// </summary>
internal static class FrameDecoder
{
    /// <param name="head">The front of the payload, or all of it.</param>
    /// <param name="payloadBytes">Length of all of it.</param>
    public static IReadOnlyList<MessagePartView> Decode(Channel channel, ReadOnlySpan<byte> head, int payloadBytes)
    {
        var parts = new List<MessagePartView>();
        var readable = channel switch
        {
            Channel.Consensus => TryEach(head, ConsensusBatch.MessagesFieldNumber, ConsensusWords.Tell, parts),
            Channel.Shard => TryEach(head, ShardRequestBatch.RequestsFieldNumber, RequestWords.TellRequest, parts),
            Channel.ShardReplies => TryEach(head, ShardReplyBatch.RepliesFieldNumber, RequestWords.TellReply, parts),
            Channel.Control => TryOne(ControlWords.Tell(head, payloadBytes), parts),
            Channel.Actor => TryOne(ActorWords.Tell(head, payloadBytes), parts),
            Channel.SnapshotChunks => TryOne(SnapshotWords.TellChunk(head, payloadBytes), parts),
            Channel.SnapshotReplies => TryOne(SnapshotWords.TellReply(head, payloadBytes), parts),
            Channel.PubSub => TryOne(TopicWords.Tell(head, payloadBytes), parts),
            Channel.Federation => TryOne(FederationWords.Tell(head, payloadBytes), parts),
            _ => false,
        };
        return readable ? parts : [new MessagePartView("Unreadable", $"{payloadBytes} bytes that are no message of channel {channel}", payloadBytes)];
    }

    private static bool TryOne(MessagePartView? part, List<MessagePartView> parts)
    {
        if (part is not null)
        {
            parts.Add(part);
        }

        return part is not null;
    }

    private static bool TryEach(ReadOnlySpan<byte> batch, int field, TellPart tell, List<MessagePartView> parts)
    {
        var fields = new WireFields(batch);
        var more = 0;
        while (fields.Next())
        {
            if (fields.Field != field)
            {
                continue;
            }

            if (parts.Count == PartLimits.MaxParts)
            {
                more++;
            }
            else if (tell(fields.Bytes, fields.Length) is { } part)
            {
                parts.Add(fields.Bytes.Length == fields.Length ? part : part with { Text = part.Text + " (what follows was too long to be kept)" });
            }
            else
            {
                return false;
            }
        }

        if (more > 0)
        {
            parts[^1] = parts[^1] with { Text = $"{parts[^1].Text} (and {more} more messages in the same frame)" };
        }

        return !fields.IsBroken && parts.Count > 0;
    }

    private delegate MessagePartView? TellPart(ReadOnlySpan<byte> message, int bytes);
}
