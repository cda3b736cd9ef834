using System.Buffers.Text;
using Cluster.Engine.Port;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Subscriptions;

/// <summary>A message in the words of SUBSCRIBE, PSUBSCRIBE or SSUBSCRIBE: encoded once for all connections that hear it by one filter.</summary>
internal sealed class MessagePush : RespValue
{
    /// <summary>What a waiting message costs besides its bytes: its place in a queue.</summary>
    private const int PlaceBytes = 32;

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
        var at = Bulk(bytes, 0, word);
        at = count == 4 ? Bulk(bytes, at, pattern) : at;
        at = Bulk(bytes, at, topic);
        at = Bulk(bytes, at, payload);
        items = bytes[..at];
    }

    /// <summary>What it counts against a connection's backlog.</summary>
    public int Cost => items.Length + PlaceBytes;

    public static MessagePush Of(TopicDelivery delivery) => delivery.Form(static made => new MessagePush(made));

    public override void Write(RespWriter writer)
    {
        writer.Push(count);
        writer.Raw(items);
    }

    private static int Bulk(Span<byte> into, int at, ReadOnlySpan<byte> bytes)
    {
        into[at++] = (byte)'$';
        Utf8Formatter.TryFormat(bytes.Length, into[at..], out var digits);
        at += digits;
        "\r\n"u8.CopyTo(into[at..]);
        bytes.CopyTo(into[(at + 2)..]);
        at += 2 + bytes.Length;
        "\r\n"u8.CopyTo(into[at..]);
        return at + 2;
    }
}
