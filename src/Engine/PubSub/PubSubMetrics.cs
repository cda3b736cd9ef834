using System.Diagnostics.Metrics;

namespace Cluster.Engine.PubSub;

/// <summary>What publish-subscribe does on one node, as <c>System.Diagnostics.Metrics</c> of the meter <see cref="MeterName"/>. Counted by the hub, read when someone collects.</summary>
internal sealed class PubSubMetrics : IDisposable
{
    public const string MeterName = "Cluster.Engine.PubSub";

    private readonly Meter meter = new(MeterName);

    public PubSubMetrics(TopicHub hub)
    {
        meter.CreateObservableCounter("cluster.pubsub.published", () => hub.Counts.Published, "{message}", "Messages published at this node.");
        meter.CreateObservableCounter("cluster.pubsub.forwarded", () => hub.Counts.Forwarded, "{message}", "Messages sent to other nodes, once for each node.");
        meter.CreateObservableCounter("cluster.pubsub.received", () => hub.Counts.Received, "{message}", "Messages that came from other nodes and were let pass.");
        meter.CreateObservableCounter("cluster.pubsub.delivered", () => hub.Counts.Delivered, "{delivery}", "Messages handed to subscribers of this node, once for each subscription.");
        meter.CreateObservableCounter("cluster.pubsub.dropped", () => Dropped(hub.Counts), "{message}", "Messages that went no further, by reason: link (the link took no more), missed (sent by the other node, never came), overtaken (came twice or too late), refused (over a bound), failed (a subscriber threw).");
        meter.CreateObservableUpDownCounter("cluster.pubsub.subscriptions", () => hub.Subscriptions, "{subscription}", "Subscriptions on this node.");
    }

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<long>> Dropped(PubSubCounts counts)
    {
        yield return Measured(counts.DroppedByLink, "link");
        yield return Measured(counts.Missed, "missed");
        yield return Measured(counts.Overtaken, "overtaken");
        yield return Measured(counts.Refused, "refused");
        yield return Measured(counts.Failed, "failed");
    }

    private static Measurement<long> Measured(long count, string reason) => new(count, new KeyValuePair<string, object?>("reason", reason));
}
