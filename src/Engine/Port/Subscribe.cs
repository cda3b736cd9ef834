namespace Cluster.Engine.Port;

/// <summary>To the mediator: let an actor of this node hear a topic, or what matches a pattern. Answered by <see cref="SubscribeAck"/> or <see cref="SubscribeRefused"/>.</summary>
public sealed record Subscribe(TopicFilter Filter, IActorRef Subscriber)
{
    public Subscribe(string topic, IActorRef subscriber, string? group = null)
        : this(TopicFilter.Topic(topic, group), subscriber)
    {
    }
}
