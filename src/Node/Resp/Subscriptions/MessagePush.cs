using Cluster.Engine.Port;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Subscribers;

namespace Cluster.Node.Resp.Subscriptions;

/// <summary>A message in the words of SUBSCRIBE, PSUBSCRIBE or SSUBSCRIBE: encoded once for all connections that hear it by one filter.</summary>
internal sealed class MessagePush : RespValue
{
    private readonly byte[] items;
    private readonly int count;

    private MessagePush(TopicDelivery delivery)
    {
        var pattern = delivery.Filter.Kind == TopicKind.Pattern ? delivery.Filter.Name.Span : default;
        ReadOnlySpan<byte> word = delivery.Filter.Kind switch
        {
            TopicKind.Pattern => "pmessage"u8,
            TopicKind.Sharded => "smessage"u8,
            _ => "message"u8,
        };
        var topic = delivery.Topic.Span;
        var payload = delivery.Payload.Span;
        count = delivery.Filter.Kind == TopicKind.Pattern ? 4 : 3;
        var most = word.Length + pattern.Length + topic.Length + payload.Length + (count * RespWriter.MaxBulkOverhead);
        var bytes = new byte[most];
        var at = RespWriter.FormatBulk(bytes, word);
        at += count == 4 ? RespWriter.FormatBulk(bytes.AsSpan(at), pattern) : 0;
        at += RespWriter.FormatBulk(bytes.AsSpan(at), topic);
        at += RespWriter.FormatBulk(bytes.AsSpan(at), payload);
        items = bytes[..at];
        Waiting = new WaitingMessage(at);
    }

    /// <summary>What it counts against backlogs.</summary>
    public WaitingMessage Waiting { get; }

    public static MessagePush Of(TopicDelivery delivery) => delivery.Form(static made => new MessagePush(made));

    public override void Write(RespWriter writer)
    {
        writer.Push(count);
        writer.Raw(items);
    }
}
