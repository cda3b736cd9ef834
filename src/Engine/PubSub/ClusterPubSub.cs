using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Patterns;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.PubSub;

/// <summary>The embedded engine's publish-subscribe on one node. Nothing of it runs before somebody here subscribes, or another node says that somebody did there.</summary>
internal sealed class ClusterPubSub : IPubSub
{
    private readonly ActorSystem system;
    private readonly PubSubServices services;
    private readonly RecordCodec codec;
    private readonly TopicRegistryCore registry;
    private readonly Lock starting = new();
    private IActorRef? mediator;

    public ClusterPubSub(PubSubOptions options, ActorSystem system, PubSubServices services, IMessageCodec codec)
    {
        (this.system, this.services, this.codec) = (system, services, new RecordCodec(codec, system));
        Hub = new TopicHub(options, services, this.codec) { InterestChanged = () => Mediator.Tell(PubSub.InterestChanged.Instance) };
        registry = new TopicRegistryCore(options);
    }

    public TopicHub Hub { get; }

    public IActorRef Mediator
    {
        get
        {
            if (Volatile.Read(ref mediator) is { } started)
            {
                return started;
            }

            lock (starting)
            {
                return mediator ??= system.SystemActorOf(Props.Create(() => new PubSubActor(this, Hub, registry, services)), "pub-sub");
            }
        }
    }

    public ClusterError? Subscribe(TopicFilter filter, ITopicSubscriber subscriber) => Hub.Subscribe(filter, subscriber);

    public ClusterError? Subscribe(IReadOnlyList<TopicFilter> filters, ITopicSubscriber subscriber) => Hub.Subscribe(filters, subscriber);

    public bool Unsubscribe(TopicFilter filter, ITopicSubscriber subscriber) => Hub.Unsubscribe(filter, subscriber);

    public PublishReceipt Publish(TopicKind kind, ByteString topic, ByteString payload, bool toOneOfEachGroup = false) =>
        Hub.Publish(kind, topic, new EncodedMessage("", 0, payload.Memory), record: null, toOneOfEachGroup);

    public PublishReceipt Publish(string topic, object message, bool toOneOfEachGroup = false) => codec.TryEncode(message, out var encoded, out var error)
        ? Hub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8(topic), encoded, message, toOneOfEachGroup)
        : new PublishReceipt(0, 0, 0, new ClusterError(ErrorCode.BadRequest, error));

    public IReadOnlyList<TopicFigures> List(TopicKind kind, ByteString? glob = null, int most = int.MaxValue) =>
        Hub.List(kind, filter => glob is null || Glob.Matches(glob.Span, filter.Name.Span), most);

    public int CountNames(TopicKind kind) => Hub.CountNames(kind);

    public long CountSubscriptions(TopicFilter filter) => Hub.CountSubscriptions(filter);

    /// <summary>A frame of another node, on the link's read loop.</summary>
    public void Receive(PeerIdentity from, PubSubFrame frame)
    {
        switch (frame.BodyCase)
        {
            case PubSubFrame.BodyOneofCase.Message:
                Hub.Receive(from, frame.Message);
                break;
            case PubSubFrame.BodyOneofCase.Status or PubSubFrame.BodyOneofCase.Delta:
                Mediator.Tell(new GossipReceived(from, frame));
                break;
            default:
                break; // Of a newer version: its sender cannot rely on an answer.
        }
    }

    /// <summary>The members have changed, or what is decided of them.</summary>
    public void OnMembersChanged() => Volatile.Read(ref mediator)?.Tell(MembersChanged.Instance);

    /// <summary>The link to a node stands.</summary>
    public void OnLinkUp(NodeAddress address) => Volatile.Read(ref mediator)?.Tell(new PeerLinked(address));
}
