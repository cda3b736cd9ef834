namespace Cluster.Engine.Port;

/// <summary>The recipe for an actor: how it is made, and its bounds. Immutable; a restart makes the actor anew from it.</summary>
public sealed record Props
{
    private readonly Func<Actor> factory;

    private Props(Func<Actor> factory, Type actorType)
    {
        this.factory = factory;
        ActorType = actorType;
    }

    public Type ActorType { get; }

    /// <summary>Messages that may wait, or null for the system's default.</summary>
    public int? MailboxCapacity { get; private init; }

    public MailboxOverflow MailboxOverflow { get; private init; } = MailboxOverflow.DropNewest;

    /// <summary>Messages that may be stashed, or null for the system's default.</summary>
    public int? StashCapacity { get; private init; }

    /// <summary>Name of the dispatcher that runs the actor, or null for the system's default.</summary>
    public string? DispatcherName { get; private init; }

    /// <summary>Messages handled in one run before others get their turn, or null for the system's default.</summary>
    public int? Throughput { get; private init; }

    /// <summary>Overrides <see cref="Actor.SupervisorStrategy"/>.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private init; }

    /// <param name="factory">Called for the first life and after each restart; must make a new actor each time.</param>
    public static Props Create<T>(Func<T> factory)
        where T : Actor => new(factory, typeof(T));

    public Props WithMailbox(int capacity, MailboxOverflow overflow = MailboxOverflow.DropNewest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return this with { MailboxCapacity = capacity, MailboxOverflow = overflow };
    }

    public Props WithStashCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return this with { StashCapacity = capacity };
    }

    public Props WithDispatcher(string name) => this with { DispatcherName = name };

    public Props WithThroughput(int messages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(messages, 1);
        return this with { Throughput = messages };
    }

    public Props WithSupervisorStrategy(SupervisorStrategy strategy) => this with { SupervisorStrategy = strategy };

    internal Actor NewActor() => factory();
}
