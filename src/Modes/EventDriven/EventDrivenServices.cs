using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;

namespace Cluster.Modes.EventDriven;

/// <summary>What publishers and consumers of one node share: the ways to the log and to the registries, what is counted, and which bugs this node has on purpose.</summary>
internal sealed class EventDrivenServices(IModeNode node)
{
    /// <summary>Partitions of the bus: as many consumers of a subscription can work side by side.</summary>
    public const int Partitions = 8;

    public static readonly EntityType<GroupState, GroupCommand, GroupEvent> GroupType = GroupCore.TypeOf("event-driven-group");

    private volatile BusState bus = new BusCore().Empty;

    public string Node { get; } = node.Name.ToString();

    public IDurableLog Log { get; } = node.Log;

    public IShardRegion Registry { get; } = node.Sharding.Start(BusCore.Type);

    public IShardRegion Inboxes { get; } = node.Sharding.Start(InboxCore.Type);

    public IShardRegion Groups { get; } = node.Sharding.Start(GroupType);

    public bool IsNotIdempotent { get; } = node.HasFlaw(EventDrivenFlaws.NotIdempotent);

    public bool AcknowledgesFirst { get; } = node.HasFlaw(EventDrivenFlaws.AcknowledgeFirst);

    public bool LetsRetriesBeOvertaken { get; } = node.HasFlaw(EventDrivenFlaws.RetryOvertaken);

    public Counter<long> Published { get; } = node.Meter.CreateCounter<long>("event-driven.published", "{event}", "Events published through this node");

    public Counter<long> Handled { get; } = node.Meter.CreateCounter<long>("event-driven.handled", "{event}", "Events that consumers on this node have handled");

    public Counter<long> Repeated { get; } = node.Meter.CreateCounter<long>("event-driven.repeated", "{event}", "Deliveries of events that had been handled before");

    public Counter<long> Retried { get; } = node.Meter.CreateCounter<long>("event-driven.retried", "{attempt}", "Attempts that failed");

    public Counter<long> DeadLetters { get; } = node.Meter.CreateCounter<long>("event-driven.dead-letters", "{event}", "Events that consumers on this node gave up");

    /// <summary>The registry as this node last read it. Versions of a type never change, so what stands here is right, and perhaps not all.</summary>
    public BusState Bus
    {
        get => bus;
        set => bus = value;
    }

    public static string Events(int partition) => FormattableString.Invariant($"event-driven:{{bus}}.events/{partition}");

    /// <summary>Beside the events' partition of that number, so that one transaction reaches both.</summary>
    public static string Dead(string subscription, int partition) => FormattableString.Invariant($"event-driven:{{bus}}.dead.{subscription}/{partition}");

    /// <summary>A subscription's inbox for one key: no subscription's name has a slash, so no two have one inbox.</summary>
    public static string Inbox(string subscription, string key) => $"{subscription}/{key}";

    /// <summary>A line for whoever watches the node's events.</summary>
    public void Tell(string happened) => node.Tell(happened);
}
