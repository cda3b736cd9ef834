using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.PubSub;

/// <summary>
/// One node's publish-subscribe: its subscribers, the routes to other nodes', and the way of each message. One lock orders it all, so that every subscriber here hears
/// this node's messages, and each other node's, in one order, and an unsubscription that has returned is final. Under it nothing waits: links and subscribers take or drop.
/// </summary>
internal sealed partial class TopicHub
{
    private readonly Lock gate = new();
    private readonly PubSubOptions options;
    private readonly ITopicLinks links;
    private readonly IMessageCodec codec;
    private readonly LocalSubscribers local;
    private readonly TopicRoutes routes = new();
    private readonly ArrivalOrder arrivals = new();
    private readonly Dictionary<NodeId, ulong> sequences = [];
    private readonly SortedDictionary<NodeId, int> destinations = [];
    private bool toldOfInterest;

    public TopicHub(PubSubOptions options, ITopicLinks links, IMessageCodec codec)
    {
        (this.options, this.links, this.codec) = (options.Validate(), links, codec);
        local = new LocalSubscribers(options);
    }

    public PubSubCounts Counts { get; } = new();

    public PubSubOptions Options => options;

    public long Subscriptions => local.Count;

    /// <summary>Called, under the lock, when other nodes should soon hear that something here has its first subscriber or has lost its last; once until changes are taken.</summary>
    public Action InterestChanged { get; set; } = static () => { };

    public ClusterError? Subscribe(in TopicFilter filter, ITopicSubscriber subscriber) => Subscribe([filter], subscriber);

    /// <summary>All of them or, when one is refused, none; no message comes in between.</summary>
    public ClusterError? Subscribe(IReadOnlyList<TopicFilter> filters, ITopicSubscriber subscriber)
    {
        foreach (var filter in filters)
        {
            if (TopicRules.Judge(filter, options) is { } refused)
            {
                return refused;
            }
        }

        lock (gate)
        {
            var added = new List<TopicFilter>(filters.Count);
            foreach (var filter in filters)
            {
                var before = local.Count;
                if (local.Add(filter, subscriber) is { } full)
                {
                    added.ForEach(undone => local.Remove(undone, subscriber));
                    return full;
                }

                if (local.Count > before)
                {
                    added.Add(filter);
                }
            }

            TellIfUrgent();
            return null;
        }
    }

    public bool Unsubscribe(in TopicFilter filter, ITopicSubscriber subscriber)
    {
        if (HasFlaw(EngineFlaws.DeliverAfterUnsubscribe))
        {
            return true;
        }

        lock (gate)
        {
            var was = local.Remove(filter, subscriber);
            TellIfUrgent();
            return was;
        }
    }

    public PublishReceipt Publish(TopicKind kind, ByteString topic, EncodedMessage message, object? record, bool toOneOfEachGroup)
    {
        if (TopicRules.Judge(kind, topic.Length, message.Payload.Length, options) is { } refused)
        {
            return new PublishReceipt(0, 0, 0, refused);
        }

        var frame = new TopicMessage { Kind = (uint)kind, Topic = topic, Payload = UnsafeByteOperations.UnsafeWrap(message.Payload), Type = message.Type, Version = message.Version };
        lock (gate)
        {
            if (WhyNotWithin() is { } endless)
            {
                return new PublishReceipt(0, 0, 0, endless);
            }

            Counts.Published++;
            var receipt = toOneOfEachGroup ? PublishToGroups(frame, record) : PublishToAll(frame, record);
            DeliverWaiting();
            return receipt;
        }
    }

    /// <summary>A message from another node.</summary>
    public void Receive(PeerIdentity from, TopicMessage message)
    {
        lock (gate)
        {
            if (TopicRules.Judge((TopicKind)message.Kind, message.Topic.Length, message.Payload.Length, options) is not null || message.Groups.Count > options.MaxGroups)
            {
                Counts.Refused++;
                return;
            }

            if (!arrivals.Admit(from, message.Sequence, out var missed) && !HasFlaw(EngineFlaws.DeliverAsItComes))
            {
                Counts.Overtaken++;
                return;
            }

            Counts.Received++;
            Counts.Missed += (long)missed;
            if (message.Groups.Count == 0)
            {
                ToAllHere(message, record: null);
            }

            foreach (var group in message.Groups)
            {
                ToOneHere(message, record: null, group);
            }

            DeliverWaiting();
        }
    }

    public void Apply(RouteChanged changed)
    {
        lock (gate)
        {
            routes.Set(changed.Node, changed.Filter, changed.Subscribers);
        }
    }

    public void Apply(RoutesDropped dropped)
    {
        lock (gate)
        {
            foreach (var filter in dropped.Filters)
            {
                routes.Set(dropped.Node, filter, 0);
            }
        }
    }

    /// <inheritdoc cref="LocalSubscribers.TakeChanges"/>
    public IReadOnlyList<(TopicFilter Filter, int Subscribers)> TakeChanges()
    {
        lock (gate)
        {
            toldOfInterest = false;
            return local.TakeChanges();
        }
    }

    public IReadOnlyList<TopicFigures> List(TopicKind kind, Func<TopicFilter, bool> fits, int most)
    {
        lock (gate)
        {
            return
            [
                .. local.Filters(kind).Concat(routes.Filters(kind)).Where(fits).Distinct()
                    .OrderBy(filter => filter.Name.ToStringUtf8(), StringComparer.Ordinal).ThenBy(filter => filter.Group, StringComparer.Ordinal)
                    .Select(Figures).Where(topic => topic.Subscriptions > 0)
                    .Take(most),
            ];
        }
    }

    /// <summary>Names of one kind that have subscribers without a group, here or elsewhere.</summary>
    public int CountNames(TopicKind kind)
    {
        lock (gate)
        {
            return local.CountNames(kind) + routes.Names(kind).Count(filter => local.Find(filter).IsEmpty && routes.Find(filter)!.Keys.Any(CanHear));
        }
    }

    public long CountSubscriptions(in TopicFilter filter)
    {
        lock (gate)
        {
            return Figures(filter).Subscriptions;
        }
    }

    private bool HasFlaw(EngineFlaws flaw) => options.Flaws.HasFlag(flaw);

    /// <summary>Whether a node's subscribers count. One that cannot be reached is sent to all the same: the link may be back before the word of it. But who was killed has no listeners.</summary>
    private bool CanHear(NodeId node) => links.IsReachable(node);

    private TopicFigures Figures(TopicFilter filter) =>
        new(filter, local.Find(filter).Length, routes.Find(filter) is { } nodes ? [.. nodes.Where(node => CanHear(node.Key)).Select(node => (node.Key, node.Value))] : []);

    private void TellIfUrgent()
    {
        if (local.HasUrgentChanges && !toldOfInterest)
        {
            toldOfInterest = true;
            InterestChanged();
        }
    }

    private PublishReceipt PublishToAll(TopicMessage frame, object? record)
    {
        var here = ToAllHere(frame, record);
        destinations.Clear();
        routes.Collect((TopicKind)frame.Kind, frame.Topic, destinations);
        var (nodes, elsewhere) = (0, 0L);
        foreach (var (node, subscribers) in destinations)
        {
            if (Send(node, frame))
            {
                nodes++;
                elsewhere += CanHear(node) ? subscribers : 0;
            }
        }

        return new PublishReceipt(here, nodes, elsewhere);
    }

    private bool Send(NodeId node, TopicMessage frame)
    {
        // Each number is used once, also when the link takes nothing: the other node then knows that it has missed something.
        frame.Sequence = sequences[node] = sequences.GetValueOrDefault(node) + 1;
        if (links.Send(node, frame))
        {
            Counts.Forwarded++;
            return true;
        }

        Counts.DroppedByLink++;
        return false;
    }
}
