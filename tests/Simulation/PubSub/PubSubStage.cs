using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;
using Cluster.Simulation.Tests.Entities;
using Google.Protobuf;

namespace Cluster.Simulation.Tests.PubSub;

/// <summary>A cluster whose nodes publish numbered messages and note what their subscribers hear.</summary>
internal sealed class PubSubStage
{
    private readonly Dictionary<string, int> published = [];

    public PubSubStage(int seed) => Cluster = SimulatedClusters.Ready(
        seed, options => options with { Shards = 1, Messages = messages => messages.Register("told", 1, ToldJson.Default.Told) });

    public SimulatedCluster Cluster { get; }

    public EmbeddedNode Node(int number) => Cluster.Nodes[number - 1].Engine;

    /// <summary>One more node.</summary>
    public void Join(int number)
    {
        Cluster.Add();
        Cluster.Start(number);
        Cluster.RunUntil(() => Node(number).View.NotReadyBecause is null, TimeSpan.FromSeconds(30), () => $"n{number} to join");
    }

    public Listener Subscribe(int node, TopicFilter filter)
    {
        var listener = new Listener(filter, Node(node));
        Assert.Null(Node(node).PubSub.Subscribe(filter, listener));
        return listener;
    }

    /// <summary>Publishes the topic's next message of that life of the node: what it is says where it comes from.</summary>
    public PublishReceipt Publish(int node, string topic)
    {
        var source = $"{Cluster.Nodes[node - 1].Name}.{Node(node).GetHashCode()} {topic}";
        var number = published[source] = published.GetValueOrDefault(source) + 1;
        return Node(node).PubSub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8(topic), ByteString.CopyFromUtf8($"{source} {number}"));
    }

    /// <summary>Lets time pass until what one node publishes on a topic would reach that many subscriptions.</summary>
    public void AwaitRoutes(int node, TopicFilter filter, long subscriptions) => Cluster.RunUntil(
        () => Node(node).PubSub.CountSubscriptions(filter) == subscriptions,
        TimeSpan.FromSeconds(15),
        () => $"n{node} to know of {subscriptions} subscriptions to {filter}; it knows of {Node(node).PubSub.CountSubscriptions(filter)}");

    internal sealed class Listener(TopicFilter filter, EmbeddedNode node) : ITopicSubscriber
    {
        private readonly Dictionary<string, int> last = [];

        public TopicFilter Filter => filter;

        public int Heard { get; private set; }

        public bool HasEnded { get; private set; }

        /// <summary>What it heard that it must not have: noted, and judged at the end.</summary>
        public List<string> Wrong { get; } = [];

        public void Deliver(TopicDelivery delivery)
        {
            Heard++;
            var words = delivery.Payload.ToStringUtf8();
            var cut = words.LastIndexOf(' ');
            var (source, number) = (words[..cut], int.Parse(words[(cut + 1)..], System.Globalization.CultureInfo.InvariantCulture));
            if (HasEnded || number <= last.GetValueOrDefault(source))
            {
                Wrong.Add($"{words} {(HasEnded ? "after its end" : $"after {last[source]}")}");
            }

            last[source] = number;
        }

        public void End()
        {
            node.PubSub.Unsubscribe(filter, this);
            HasEnded = true;
        }
    }
}
