using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.PubSub;
using Cluster.Shared.Ids;
using Cluster.Shared.Patterns;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Node.Tests.Support;

/// <summary>A real hub without other nodes.</summary>
internal sealed class LonePubSub : IPubSub
{
    private readonly TopicHub hub = new(new PubSubOptions(), new NoLinks(), new MessageRegistry());

    public IActorRef Mediator => throw new NotSupportedException();

    /// <summary>Called when something was subscribed to, before its subscriber knows.</summary>
    public Action Subscribed { get; set; } = static () => { };

    public ClusterError? Subscribe(TopicFilter filter, ITopicSubscriber subscriber) => Told(hub.Subscribe(filter, subscriber));

    public ClusterError? Subscribe(IReadOnlyList<TopicFilter> filters, ITopicSubscriber subscriber) => Told(hub.Subscribe(filters, subscriber));

    public bool Unsubscribe(TopicFilter filter, ITopicSubscriber subscriber) => hub.Unsubscribe(filter, subscriber);

    public PublishReceipt Publish(TopicKind kind, ByteString topic, ByteString payload, bool toOneOfEachGroup = false) =>
        hub.Publish(kind, topic, new EncodedMessage("", 0, payload.Memory), record: null, toOneOfEachGroup);

    public PublishReceipt Publish(string topic, object message, bool toOneOfEachGroup = false) => throw new NotSupportedException();

    public IReadOnlyList<TopicFigures> List(TopicKind kind, ByteString? glob = null, int most = int.MaxValue) =>
        hub.List(kind, filter => glob is null || Glob.Matches(glob.Span, filter.Name.Span), most);

    public int CountNames(TopicKind kind) => hub.CountNames(kind);

    public long CountSubscriptions(TopicFilter filter) => hub.CountSubscriptions(filter);

    private ClusterError? Told(ClusterError? refused)
    {
        if (refused is null)
        {
            Subscribed();
        }

        return refused;
    }

    private sealed class NoLinks : ITopicLinks
    {
        public Random Random { get; } = new(1);

        public bool IsReachable(NodeId node) => false;

        public bool Send(NodeId node, TopicMessage message) => false;
    }
}
