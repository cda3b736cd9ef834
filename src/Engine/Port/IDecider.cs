namespace Cluster.Engine.Port;

/// <summary>
/// An entity as two pure functions: what a command leads to on a state, and what an event makes of a state. Neither reads a clock, a random source or
/// anything outside its arguments, and states are immutable: so the engine may decide ahead of the disk, apply on every replica, and put a state aside as
/// its bytes at any moment. On an engine with persistent actors, an entity is one that persists what <see cref="Decide"/> gives.
/// </summary>
/// <typeparam name="TState">Immutable. Everything in it must survive being written and read: what its serializer leaves out is lost when the entity rests.</typeparam>
/// <typeparam name="TCommand">What an entity is asked.</typeparam>
/// <typeparam name="TEvent">What has happened to it: its journal. Past tense.</typeparam>
public interface IDecider<TState, in TCommand, TEvent>
    where TState : notnull
    where TCommand : class
    where TEvent : class
{
    /// <summary>The state of an entity to which nothing has happened yet.</summary>
    TState Empty { get; }

    /// <summary>Judges a command. Deciding changes nothing: it may be asked and the answer thrown away.</summary>
    Decided<TEvent> Decide(TState state, TCommand command, EntityContext context);

    /// <summary>The state after an event. Must take every event that <see cref="Decide"/> ever gave, also those of older versions of the program.</summary>
    TState Apply(TState state, TEvent @event);
}
