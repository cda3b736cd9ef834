using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>Subscribers by event type. Publishing takes no lock and follows the order of subscription.</summary>
internal sealed class EventStream : IEventStream
{
    private readonly Lock gate = new();
    private volatile Subscription[] subscriptions = [];

    public void Subscribe(IActorRef subscriber, Type eventType)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(eventType);
        var added = new Subscription(subscriber, eventType);
        lock (gate)
        {
            if (!subscriptions.Contains(added))
            {
                subscriptions = [.. subscriptions, added];
            }
        }
    }

    public void Unsubscribe(IActorRef subscriber)
    {
        if (subscriptions.Length == 0)
        {
            return;
        }

        lock (gate)
        {
            subscriptions = Array.FindAll(subscriptions, subscription => !subscription.Subscriber.Equals(subscriber));
        }
    }

    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var (subscriber, eventType) in subscriptions)
        {
            if (eventType.IsInstanceOfType(@event))
            {
                subscriber.Tell(@event);
            }
        }
    }

    private sealed record Subscription(IActorRef Subscriber, Type EventType);
}
