namespace Cluster.Engine.Port;

/// <summary>
/// The way to all entities of one type, from any node: finds each entity's shard, and takes a command to whoever decides for it. A command takes effect at
/// most once, however often it has to be sent.
/// </summary>
public interface IShardRegion
{
    EntityType Type { get; }

    /// <summary>
    /// The region as an actor: takes <see cref="ToEntity"/>, <see cref="AskStale"/>, <see cref="AskLeased"/> and <see cref="Passivate"/>, and answers the sender with the entity's reply,
    /// <see cref="EntityRefused"/> or <see cref="EntityUnavailable"/>. Commands of one region to one entity keep their order.
    /// </summary>
    IActorRef Ref { get; }

    /// <summary><see cref="IActorRef.Tell"/> of <see cref="Ref"/>.</summary>
    void Tell(object message, IActorRef? sender = null) => Ref.Tell(message, sender);

    /// <summary>Asks one entity and completes with its reply, once everything that the reply rests on is committed. Asks do not wait for each other.</summary>
    /// <exception cref="EntityRefusedException">The entity refused the command, or it cannot be a command of this type: nothing has changed.</exception>
    /// <exception cref="EntityUnavailableException">No outcome in time; the exception says whether the command may have taken effect.</exception>
    /// <exception cref="InvalidCastException">The reply is of another type.</exception>
    Task<TReply> AskAsync<TReply>(string entityId, object command, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>
    /// Asks from what some replica nearby has applied: always answered while any replica can be reached, and possibly out of date. An engine that keeps one
    /// copy of an entity asks that one.
    /// </summary>
    /// <inheritdoc cref="AskAsync"/>
    Task<TReply> AskStaleAsync<TReply>(string entityId, IEntityQuery query, TimeSpan timeout, CancellationToken cancellation = default);
}
