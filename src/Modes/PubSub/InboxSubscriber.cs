using Cluster.Engine.Port;

namespace Cluster.Modes.PubSub;

/// <summary>Brings a topic's messages to the actor that keeps them for a client. It numbers them: it is called one message at a time, and a mailbox may be full.</summary>
internal sealed class InboxSubscriber : ITopicSubscriber
{
    private long last;

    /// <summary>Set before it subscribes.</summary>
    public IActorRef? Inbox { get; set; }

    public void Deliver(TopicDelivery delivery) => Inbox!.Tell(new MessageHeard(++last, delivery));
}
