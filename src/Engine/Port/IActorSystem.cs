namespace Cluster.Engine.Port;

/// <summary>A tree of actors on one node, with the clock and the random source they all use.</summary>
public interface IActorSystem
{
    string Name { get; }

    /// <summary>The address other nodes know this system by; null for a system that talks to nobody.</summary>
    ActorAddress? Address { get; }

    IEventStream EventStream { get; }

    /// <summary>Where messages go that reach no actor: counted, and published as <see cref="DeadLetter"/>.</summary>
    IActorRef DeadLetters { get; }

    /// <summary>The only clock an actor reads.</summary>
    TimeProvider Time { get; }

    /// <summary>The only random source an actor draws from. Safe to use from every thread.</summary>
    Random Random { get; }

    /// <summary>Completes when the last actor has stopped and the system's own threads have ended.</summary>
    Task WhenTerminated { get; }

    /// <summary>Starts an actor under <c>/user</c>.</summary>
    /// <exception cref="InvalidActorNameException">The name is not allowed or taken.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>
    /// The reference for a path, local or on another node. A local path with no actor gives a reference whose messages go to dead letters,
    /// and which counts as terminated to whoever watches it.
    /// </summary>
    /// <exception cref="FormatException">The text is not a path.</exception>
    IActorRef Resolve(string path);

    /// <summary>Stops an actor after the message it has in hand.</summary>
    void Stop(IActorRef actor);

    /// <summary>Stops all actors, children before parents, <c>/user</c> before <c>/system</c>.</summary>
    Task TerminateAsync();
}
