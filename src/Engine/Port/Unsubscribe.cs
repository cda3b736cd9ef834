namespace Cluster.Engine.Port;

/// <summary>To the mediator: end a subscription. Answered by <see cref="UnsubscribeAck"/>, also when there was none.</summary>
public sealed record Unsubscribe(TopicFilter Filter, IActorRef Subscriber)
{
    public Unsubscribe(string topic, IActorRef subscriber, string? group = null)
        : this(TopicFilter.Topic(topic, group), subscriber)
    {
    }
}
