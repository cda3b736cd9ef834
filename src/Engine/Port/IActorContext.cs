namespace Cluster.Engine.Port;

/// <summary>What an actor sees of its surroundings. Valid only inside the actor, while it handles a message or a life-cycle hook.</summary>
public interface IActorContext
{
    IActorRef Self { get; }

    /// <summary>Who sent the message in hand; <see cref="IActorSystem.DeadLetters"/> when nobody did.</summary>
    IActorRef Sender { get; }

    IActorRef Parent { get; }

    /// <summary>The children that have not finished stopping, oldest first: a copy.</summary>
    IReadOnlyList<IActorRef> Children { get; }

    IActorSystem System { get; }

    IStash Stash { get; }

    ITimers Timers { get; }

    /// <summary>Starts a child. Without a name it gets one that begins with <c>$</c>.</summary>
    /// <exception cref="InvalidActorNameException">The name is not allowed, or a child has it that has not yet finished stopping.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Stops an actor after the message it has in hand; what is left in its mailbox goes to dead letters.</summary>
    void Stop(IActorRef actor);

    /// <summary>Asks for one <see cref="Terminated"/> when the actor is gone: at once if it already is.</summary>
    IActorRef Watch(IActorRef actor);

    /// <summary>Takes <see cref="Watch"/> back: no <see cref="Terminated"/> of this actor arrives any more, not even one already queued.</summary>
    void Unwatch(IActorRef actor);

    /// <summary>Delivers <see cref="ReceiveTimeout"/> after each such span without a message; null switches it off.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);
}
