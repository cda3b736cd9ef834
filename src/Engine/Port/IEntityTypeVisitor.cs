namespace Cluster.Engine.Port;

/// <summary>What an engine makes of an entity type, where it needs the types inside.</summary>
public interface IEntityTypeVisitor<out T>
{
    T Visit<TState, TCommand, TEvent>(EntityType<TState, TCommand, TEvent> type)
        where TState : notnull
        where TCommand : class
        where TEvent : class;
}
