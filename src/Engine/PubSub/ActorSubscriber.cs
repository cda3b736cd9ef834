using Cluster.Engine.Port;

namespace Cluster.Engine.PubSub;

/// <summary>An actor that hears a topic: what its mailbox does not take is the mailbox's policy.</summary>
internal sealed record ActorSubscriber(IActorRef Actor) : ITopicSubscriber
{
    public void Deliver(TopicDelivery delivery) => Actor.Tell(delivery.Message);
}
