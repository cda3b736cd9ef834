using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Cluster.Engine.Port;
using Cluster.Node.Subscribers;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>A message as a server-sent event (WHATWG HTML, 9.2): encoded once for all streams that hear it by one filter.</summary>
internal sealed class TopicEvent
{
    private static readonly byte[] Before = "event: message\ndata: "u8.ToArray();

    private TopicEvent(byte[] bytes) => (Bytes, Waiting) = (bytes, new WaitingMessage(bytes.Length));

    public byte[] Bytes { get; }

    /// <summary>What it counts against backlogs.</summary>
    public WaitingMessage Waiting { get; }

    public static TopicEvent Of(TopicDelivery delivery) => delivery.Form(Make);

    private static TopicEvent Make(TopicDelivery delivery)
    {
        var payload = delivery.Payload.Span;
        var isText = Utf8.IsValid(payload);
        var view = new TopicMessageView(
            delivery.Topic.ToStringUtf8(),
            delivery.Type.Length == 0 ? null : delivery.Type,
            isText ? Encoding.UTF8.GetString(payload) : null,
            isText ? null : Convert.ToBase64String(payload));
        var json = JsonSerializer.SerializeToUtf8Bytes(view, TopicJson.Default.TopicMessageView);
        return new TopicEvent([.. Before, .. json, (byte)'\n', (byte)'\n']);
    }
}
