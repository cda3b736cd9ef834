using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Engine.Port;

/// <summary>
/// Publish-subscribe between all nodes without a broker, in the manner of Akka's DistributedPubSub: at most once. Each node keeps its own subscribers and tells
/// the others, by gossip, only what it has subscribers to; a message travels once to each node that has some. A subscriber hears one publishing node's messages in
/// the order of publication, with gaps where some were lost, never twice, and nothing more once <see cref="Unsubscribe"/> has returned.
/// A subscription reaches another node within a link's delay, later where messages are lost; what is published there before is not heard.
/// </summary>
/// <remarks>On Akka.NET a pattern is a subscription to one topic that everything is published to as well, filtered by the adapter.</remarks>
public interface IPubSub
{
    /// <summary>
    /// The same for actors, in Akka's words: takes <see cref="Port.Subscribe"/>, <see cref="Port.Unsubscribe"/> and <see cref="Port.Publish"/>. An actor that stops is
    /// unsubscribed.
    /// </summary>
    IActorRef Mediator { get; }

    /// <summary>Subscribes; once more is no second subscription.</summary>
    /// <returns>Why not: the name, pattern or group is not allowed, or a bound of this node is met. Null when it is subscribed.</returns>
    ClusterError? Subscribe(TopicFilter filter, ITopicSubscriber subscriber);

    /// <summary>Subscribes to all of them or, when one is refused, to none; no message comes before it is decided.</summary>
    /// <inheritdoc cref="Subscribe(TopicFilter, ITopicSubscriber)"/>
    ClusterError? Subscribe(IReadOnlyList<TopicFilter> filters, ITopicSubscriber subscriber);

    /// <summary>Ends a subscription: nothing is handed over by it after this returns, unless this is called from within <see cref="ITopicSubscriber.Deliver"/>.</summary>
    /// <returns>False when there was none.</returns>
    bool Unsubscribe(TopicFilter filter, ITopicSubscriber subscriber);

    /// <summary>Publishes plain bytes to a topic or sharded topic. Returns at once.</summary>
    /// <param name="toOneOfEachGroup">To one subscriber of each group of the topic, drawn at random, instead of all subscribers without a group.</param>
    PublishReceipt Publish(TopicKind kind, ByteString topic, ByteString payload, bool toOneOfEachGroup = false);

    /// <summary>Publishes a record that is registered as a message between nodes; clients that are no actors hear its JSON.</summary>
    /// <inheritdoc cref="Publish(TopicKind, ByteString, ByteString, bool)"/>
    PublishReceipt Publish(string topic, object message, bool toOneOfEachGroup = false);

    /// <summary>What has subscribers, anywhere in the cluster, as this node knows.</summary>
    /// <param name="kind">What they subscribe to.</param>
    /// <param name="glob">Of those only whose name matches; null for all.</param>
    /// <param name="most">Counted off the front, in the order of names.</param>
    IReadOnlyList<TopicFigures> List(TopicKind kind, ByteString? glob = null, int most = int.MaxValue);

    /// <summary>How many names have subscribers without a group, anywhere in the cluster, as this node knows.</summary>
    int CountNames(TopicKind kind);

    /// <summary>Subscriptions to one filter, as this node knows.</summary>
    long CountSubscriptions(TopicFilter filter);
}
