namespace Cluster.Engine.PubSub;

/// <summary>What one node's hub has done since its start. Written under the hub's lock, read at any time.</summary>
internal sealed class PubSubCounts
{
    public long Published { get; set; }

    public long Forwarded { get; set; }

    public long Received { get; set; }

    public long Delivered { get; set; }

    public long DroppedByLink { get; set; }

    public long Missed { get; set; }

    public long Overtaken { get; set; }

    public long Refused { get; set; }

    public long Failed { get; set; }
}
