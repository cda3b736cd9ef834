using System.Diagnostics.CodeAnalysis;

namespace Cluster.Engine.Port;

/// <summary>Tells what happens inside one actor system (dead letters, unhandled messages, failures) to the actors that subscribed.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Akka's name for it; not a System.IO.Stream")]
public interface IEventStream
{
    /// <summary>Sends every event of this type, or derived from it, to the subscriber; until it unsubscribes or stops.</summary>
    void Subscribe(IActorRef subscriber, Type eventType);

    void Unsubscribe(IActorRef subscriber);

    void Publish(object @event);
}
