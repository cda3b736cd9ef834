using System.Globalization;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Patterns;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.PubSub;

/// <summary>
/// One node's publish-subscribe: its subscribers, the routes to other nodes', and the way of each message. One lock orders it all, so that every subscriber here hears
/// this node's messages, and each other node's, in one order, and an unsubscription that has returned is final. Under it nothing waits: links and subscribers take or drop.
/// </summary>
internal sealed class TopicHub
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

    public ClusterError? Subscribe(in TopicFilter filter, ITopicSubscriber subscriber)
    {
        if (TopicRules.Judge(filter, options) is { } refused)
        {
            return refused;
        }

        lock (gate)
        {
            if (local.Add(filter, subscriber) is { } full)
            {
                return full;
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
            Counts.Published++;
            return toOneOfEachGroup ? PublishToGroups(frame, record) : PublishToAll(frame, record);
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
                DeliverToAll(message, record: null);
            }

            foreach (var group in message.Groups)
            {
                DeliverToOne(message, record: null, group);
            }
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
                    .Take(most)
                    .Select(Figures),
            ];
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

    private TopicFigures Figures(TopicFilter filter) =>
        new(filter, local.Find(filter).Length, routes.Find(filter) is { } nodes ? [.. nodes.Select(node => (node.Key, node.Value))] : []);

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
        var here = DeliverToAll(frame, record);
        destinations.Clear();
        routes.Collect((TopicKind)frame.Kind, frame.Topic, destinations);
        var (nodes, elsewhere) = (0, 0L);
        foreach (var (node, subscribers) in destinations)
        {
            if (Send(node, frame))
            {
                nodes++;
                elsewhere += subscribers;
            }
        }

        return new PublishReceipt(here, nodes, elsewhere);
    }

    /// <summary>One member of each group, wherever it is: drawn among all, those of unreachable nodes only where there are no others.</summary>
    private PublishReceipt PublishToGroups(TopicMessage frame, object? record)
    {
        var elsewhere = routes.Groups(frame.Topic);
        var names = local.Groups(frame.Topic).Union(elsewhere?.Keys ?? []);
        if (names.Count > options.MaxGroups)
        {
            return new PublishReceipt(0, 0, 0, new ClusterError(ErrorCode.Overloaded, string.Create(CultureInfo.InvariantCulture, $"the topic has {names.Count} groups, and one message goes to at most {options.MaxGroups}")));
        }

        var here = 0;
        var chosen = new SortedDictionary<NodeId, List<string>>();
        foreach (var group in names)
        {
            foreach (var node in Choose(group, frame.Topic, elsewhere?.GetValueOrDefault(group)))
            {
                if (node.IsNone)
                {
                    here += DeliverToOne(frame, record, group);
                }
                else if (chosen.TryGetValue(node, out var groups))
                {
                    groups.Add(group);
                }
                else
                {
                    chosen.Add(node, [group]);
                }
            }
        }

        var (nodes, sent) = (0, 0L);
        foreach (var (node, groups) in chosen)
        {
            frame.Groups.Clear();
            frame.Groups.Add(groups);
            if (Send(node, frame))
            {
                nodes++;
                sent += groups.Count;
            }
        }

        return new PublishReceipt(here, nodes, sent);
    }

    /// <summary>The one node whose member gets a group's message; none stands for this node.</summary>
    private IEnumerable<NodeId> Choose(string group, ByteString topic, SortedDictionary<NodeId, int>? elsewhere) => HasFlaw(EngineFlaws.GroupOnEachNode)
        ? [NodeId.None, .. elsewhere?.Keys ?? Enumerable.Empty<NodeId>()]
        : [Draw(local.Find(new TopicFilter(TopicKind.Topic, topic, group)).Length, elsewhere)];

    /// <summary>The node of the member drawn; none for this one.</summary>
    private NodeId Draw(int here, SortedDictionary<NodeId, int>? elsewhere)
    {
        if (elsewhere is null)
        {
            return NodeId.None;
        }

        var reachable = elsewhere.Where(node => links.IsReachable(node.Key)).ToArray();
        var choices = reachable.Length > 0 || here > 0 ? reachable : [.. elsewhere];
        var drawn = links.Random.NextInt64(here + choices.Sum(node => (long)node.Value)) - here;
        foreach (var (node, members) in choices)
        {
            if (drawn >= 0 && drawn < members)
            {
                return node;
            }

            drawn -= members;
        }

        return NodeId.None;
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

    private int DeliverToAll(TopicMessage message, object? record)
    {
        var kind = (TopicKind)message.Kind;
        var delivered = Deliver(message, record, new TopicFilter(kind, message.Topic));
        if (kind != TopicKind.Topic)
        {
            return delivered;
        }

        var patterns = local.Patterns;
        for (var i = 0; i < patterns.Count; i++)
        {
            var pattern = patterns[i];
            if (Glob.Matches(pattern.Span, message.Topic.Span))
            {
                delivered += Deliver(message, record, new TopicFilter(TopicKind.Pattern, pattern));
            }
        }

        return delivered;
    }

    private int Deliver(TopicMessage message, object? record, in TopicFilter filter)
    {
        var subscribers = local.Find(filter);
        if (subscribers.IsEmpty)
        {
            return 0;
        }

        var delivery = NewDelivery(message, record, filter);
        foreach (var subscriber in subscribers)
        {
            Deliver(delivery, subscriber);
        }

        return subscribers.Length;
    }

    private int DeliverToOne(TopicMessage message, object? record, string group)
    {
        var filter = new TopicFilter(TopicKind.Topic, message.Topic, group);
        var members = local.Find(filter);
        if (members.IsEmpty)
        {
            return 0;
        }

        Deliver(NewDelivery(message, record, filter), members[links.Random.Next(members.Length)]);
        return 1;
    }

    private void Deliver(TopicDelivery delivery, ITopicSubscriber subscriber)
    {
        try
        {
            subscriber.Deliver(delivery);
            Counts.Delivered++;
        }
#pragma warning disable CA1031 // One subscriber's bug must not keep the message from the others, nor break the link that it came by.
        catch (Exception)
#pragma warning restore CA1031
        {
            Counts.Failed++;
        }
    }

    private TopicDelivery NewDelivery(TopicMessage message, object? record, in TopicFilter filter)
    {
        var encoded = new EncodedMessage(message.Type, message.Version, message.Payload.Memory);
        return new TopicDelivery(filter, message.Topic, message.Payload, message.Type, () => record ?? (codec.TryDecode(encoded, out var decoded, out _) ? decoded : null));
    }
}
