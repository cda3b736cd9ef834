using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Cluster.Engine.Port;

/// <summary>What a decider made of a command: events with a reply, a reply alone, or a refusal.</summary>
[SuppressMessage("Design", "CA1000", Justification = "Written where TEvent is the decider's own and cannot be inferred from a refusal")]
public readonly struct Decided<TEvent>
    where TEvent : class
{
    private readonly ImmutableArray<TEvent> events;

    private Decided(ImmutableArray<TEvent> events, object? reply, string? refusal) => (this.events, Reply, Refusal) = (events, reply, refusal);

    /// <summary>In the order in which they happen; none when nothing changes.</summary>
    public ImmutableArray<TEvent> Events => events.IsDefault ? [] : events;

    /// <summary>What the caller is told once the events are committed; null for <see cref="Done"/>.</summary>
    public object? Reply { get; }

    /// <summary>Why the command is not obeyed, in words for the caller; null when it is.</summary>
    public string? Refusal { get; }

    /// <summary>Something happens; the caller is told <see cref="Done"/>.</summary>
    public static Decided<TEvent> Accept(params ImmutableArray<TEvent> events) => new(events, null, null);

    /// <summary>Nothing changes, and the caller is told so.</summary>
    public static Decided<TEvent> Answer(object reply) => new([], reply, null);

    /// <summary>The command cannot be obeyed on this state: nothing changes.</summary>
    public static Decided<TEvent> Refuse(string reason) => new([], null, reason);

    /// <summary>The same events, with this reply.</summary>
    public Decided<TEvent> With(object reply) => new(events, reply, Refusal);
}
