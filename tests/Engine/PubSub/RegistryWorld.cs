using Cluster.Engine.Port;
using Cluster.Engine.PubSub;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.PubSub;

/// <summary>Registries that gossip over links that a test holds in its hand: frames wait until they are passed on, lost, or passed on twice.</summary>
internal sealed class RegistryWorld
{
    private readonly List<(NodeId From, NodeId To, PubSubFrame Frame)> wire = [];
    private readonly PubSubOptions options;
    private readonly Random random;
    private TimeSpan now;

    public RegistryWorld(int seed, int count, PubSubOptions? options = null)
    {
        random = new Random(seed);
        this.options = options ?? new PubSubOptions();
        for (uint number = 1; number <= count; number++)
        {
            Nodes.Add(new NodeId(number), new Node(new Incarnation(1), this.options));
        }

        foreach (var node in Nodes.Keys)
        {
            Meet(node);
        }
    }

    public SortedDictionary<NodeId, Node> Nodes { get; } = [];

    public int FramesWaiting => wire.Count;

    /// <summary>What a node has subscribers to, as it is.</summary>
    public void Set(NodeId node, TopicFilter filter, int subscribers)
    {
        Nodes[node].Own[filter] = subscribers;
        Nodes[node].Core.SetOwn(filter, subscribers, now);
        Act(node, Nodes[node].Core.TellChanges());
    }

    /// <summary>A node starts again and has no subscribers. The others hear of its new life when they hear of the decision.</summary>
    public void Restart(NodeId node)
    {
        Nodes[node] = new Node(new Incarnation(Nodes[node].Life.Value + 1), options);
        Meet(node);
    }

    public void Remove(NodeId node)
    {
        Nodes.Remove(node);
        foreach (var left in Nodes.Keys)
        {
            Meet(left);
        }
    }

    /// <summary>A node hears who the members are.</summary>
    public void Meet(NodeId node)
    {
        var core = Nodes[node].Core;
        core.Become(node, Nodes[node].Life, now);
        Act(node, core.UseMembers(Nodes.Select(member => (member.Key, member.Value.Life))));
    }

    public void Pass(TimeSpan span)
    {
        now += span;
        foreach (var node in Nodes.Values)
        {
            node.Core.Tick(now);
        }
    }

    /// <summary>One node compares with another, drawn at random.</summary>
    public void Gossip(NodeId node)
    {
        var peers = Nodes[node].Core.Peers;
        Gossip(node, peers.ElementAt(random.Next(peers.Count)));
    }

    /// <summary>One node compares with another.</summary>
    public void Gossip(NodeId node, NodeId with) => Act(node, Nodes[node].Core.Compare(with));

    /// <summary>Delivers what waits, in order for each pair of nodes; some of it not, some of it twice, some of it late.</summary>
    public void Deliver(double loss = 0, double twice = 0, double late = 0)
    {
        for (var left = 100_000; wire.Count > 0; left--)
        {
            Assert.True(left > 0, "the nodes never stop talking");
            var at = random.NextDouble() < late ? random.Next(wire.Count) : 0;
            var (from, to, frame) = wire[at];
            wire.RemoveAt(at);
            if (random.NextDouble() < loss || !Nodes.TryGetValue(to, out var node))
            {
                continue;
            }

            for (var times = random.NextDouble() < twice ? 2 : 1; times > 0; times--)
            {
                var parsed = PubSubFrame.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(frame));
                Act(to, parsed.BodyCase == PubSubFrame.BodyOneofCase.Status ? node.Core.Receive(from, parsed.Status) : node.Core.Receive(from, parsed.Delta, now));
            }
        }
    }

    /// <summary>What one node would send messages for to another.</summary>
    public IReadOnlyDictionary<TopicFilter, int> RoutesTo(NodeId owner, NodeId at) => Nodes[at].Routes.GetValueOrDefault(owner) ?? [];

    /// <summary>Whether every node's routes are what the others have subscribers to: its copies of their buckets too.</summary>
    public bool HasConverged() => Nodes.Keys.All(at => Nodes.Keys.Where(owner => owner != at).All(owner => IsSame(owner, at)));

    private bool IsSame(NodeId owner, NodeId at)
    {
        var real = Nodes[owner].Own.Where(line => line.Value > 0).ToDictionary();
        var routes = RoutesTo(owner, at);
        return real.Count == routes.Count && real.All(line => routes.GetValueOrDefault(line.Key) == line.Value) && (Nodes[at].Core.Find(owner)?.Count ?? 0) == real.Count;
    }

    private void Act(NodeId node, IReadOnlyList<RegistryEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case RouteChanged changed:
                    Nodes[node].Change(changed);
                    break;
                case RoutesDropped dropped:
                    Assert.Equal(Nodes[node].Routes[dropped.Node].Keys.ToHashSet(), dropped.Filters.ToHashSet());
                    Nodes[node].Routes.Remove(dropped.Node);
                    break;
                case SendGossip gossip:
                    wire.Add((node, gossip.To, gossip.Frame));
                    break;
            }
        }
    }

    internal sealed class Node(Incarnation life, PubSubOptions options)
    {
        public Incarnation Life { get; } = life;

        public TopicRegistryCore Core { get; } = new(options);

        public Dictionary<TopicFilter, int> Own { get; } = [];

        public Dictionary<NodeId, Dictionary<TopicFilter, int>> Routes { get; } = [];

        public void Change(RouteChanged changed)
        {
            if (!Routes.TryGetValue(changed.Node, out var routes))
            {
                Routes.Add(changed.Node, routes = []);
            }

            routes[changed.Filter] = changed.Subscribers;
            if (changed.Subscribers == 0)
            {
                routes.Remove(changed.Filter);
            }
        }
    }
}
