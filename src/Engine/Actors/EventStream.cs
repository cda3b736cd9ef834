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
                Tell(subscriber, @event);
            }
        }
    }

    /// <summary>Failures and dead letters are published from the runtime's own steps: a subscriber that cannot keep up misses events, and breaks none of them.</summary>
    private static void Tell(IActorRef subscriber, object @event)
    {
        try
        {
            subscriber.Tell(@event);
        }
        catch (MailboxFullException)
        {
            // It chose to refuse what it has no room for.
        }
    }

    private sealed record Subscription(IActorRef Subscriber, Type EventType);
}
