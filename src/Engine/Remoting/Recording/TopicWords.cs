using Cluster.Shared.Http;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what a frame of publish-subscribe is: a message on a topic, or gossip about who subscribes.</summary>
internal static class TopicWords
{
    public static MessagePartView? Tell(ReadOnlySpan<byte> frame, int bytes)
    {
        var fields = new WireFields(frame);
        if (!fields.Next())
        {
            return null;
        }

        return fields.Field switch
        {
            PubSubFrame.MessageFieldNumber => TellMessage(fields.Bytes, bytes),
            PubSubFrame.StatusFieldNumber => new MessagePartView("TopicStatus", IsSet(fields.Bytes, TopicStatus.AnswerFieldNumber) ? "what is known of each node's topics, in answer" : "what is known of each node's topics", bytes),
            PubSubFrame.DeltaFieldNumber => TellDelta(fields.Bytes, bytes),
            _ => null,
        };
    }

    private static MessagePartView TellMessage(ReadOnlySpan<byte> message, int bytes)
    {
        var topic = KeyList.Text(BytesIn(message, TopicMessage.TopicFieldNumber), PartLimits.MaxKeyLength);
        return new MessagePartView("TopicMessage", $"number {NumberIn(message, TopicMessage.SequenceFieldNumber)} on topic '{topic}'", bytes) { Keys = [topic] };
    }

    private static MessagePartView TellDelta(ReadOnlySpan<byte> delta, int bytes) => new(
        "TopicDelta",
        $"what node #{NumberIn(delta, TopicDelta.OwnerFieldNumber)} has subscribers to, version {NumberIn(delta, TopicDelta.FromFieldNumber)} to {NumberIn(delta, TopicDelta.ToFieldNumber)}",
        bytes);
}
