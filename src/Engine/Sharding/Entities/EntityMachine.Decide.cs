using Cluster.Engine.Port;
using Google.Protobuf;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>Commands on the leader, and questions on any replica. Whatever a decider throws is a refusal: it never takes the shard with it.</summary>
internal sealed partial class EntityMachine<TState, TCommand, TEvent>
{
    public MachineDecision Decide(ByteString command, long nowUnixMs)
    {
        if (!wire.TryRead(command, out var asked, out var bad))
        {
            return MachineDecision.Refused(bad);
        }

        if (asked.Command is not { } order)
        {
            return live.ContainsKey(asked.Entity)
                ? MachineDecision.Changed(wire.Rest(asked.Entity), wire.Ok(null), effects: null)
                : MachineDecision.Unchanged(wire.Ok(null));
        }

        try
        {
            return Decide(asked.Entity, order, nowUnixMs);
        }
        catch (Exception failed)
        {
            return MachineDecision.Unchanged(wire.Refused(Failure(order, failed)));
        }
    }

    public ByteString Query(ByteString command, long nowUnixMs, bool stale, out bool needsDecision)
    {
        needsDecision = false;
        if (!wire.TryRead(command, out var asked, out var bad))
        {
            return bad;
        }

        if (asked.Command is not IEntityQuery)
        {
            needsDecision = !stale;
            return wire.Bad($"{asked.Command?.GetType().Name ?? nameof(Passivate)} is no {nameof(IEntityQuery)}: it cannot be served stale");
        }

        try
        {
            var entity = Awake(asked.Entity);
            if (entity is not null)
            {
                Touch(entity, nowUnixMs);
            }

            var decided = decider.Decide(entity is null ? decider.Empty : entity.Applied, asked.Command, ContextOf(asked.Entity, nowUnixMs));
            return decided.Refusal is { } refusal ? wire.Refused(refusal)
                : decided.Events.IsEmpty ? wire.Ok(decided.Reply)
                : wire.Bad($"{asked.Command.GetType().Name} is an {nameof(IEntityQuery)}, and yet has {decided.Events.Length} events: its decider is wrong");
        }
        catch (Exception failed)
        {
            return wire.Refused(Failure(asked.Command, failed));
        }
    }

    private MachineDecision Decide(string id, TCommand command, long nowUnixMs)
    {
        var entity = Awake(id);
        var state = entity is null ? decider.Empty : entity.Expected;
        var decided = decider.Decide(state, command, ContextOf(id, nowUnixMs));
        if (entity is not null)
        {
            Touch(entity, nowUnixMs);
        }

        if (decided.Refusal is { } refusal)
        {
            return MachineDecision.Unchanged(wire.Refused(refusal));
        }

        if (decided.Events.IsEmpty)
        {
            return MachineDecision.Unchanged(wire.Ok(decided.Reply));
        }

        if (entity is null && stored.Count + proposedNew >= EntityLimits.MaxEntitiesPerShard)
        {
            return MachineDecision.Unchanged(wire.Refused($"this shard holds {EntityLimits.MaxEntitiesPerShard} entities of type {type.Name}, the most it may"));
        }

        if (stored.TryGetValue(id, out var bytes) && bytes.State.Length > EntityLimits.MaxStateBytes)
        {
            return MachineDecision.Unchanged(wire.Refused($"its state has grown to {bytes.State.Length} bytes; over {EntityLimits.MaxStateBytes} it takes no more events"));
        }

        var @event = wire.WriteEvents(id, decided.Events);
        var next = state;
        foreach (var happens in wire.ReadEvents(0, @event).Events)
        {
            // As the log will give it back, so that what its JSON leaves out is missed here already.
            next = decider.Apply(next, happens) ?? throw new InvalidOperationException("Apply gave null");
        }

        return MachineDecision.Changed(@event, wire.Ok(decided.Reply), new EntityEffects<TState>(id, next));
    }

    private static EntityContext ContextOf(string id, long nowUnixMs) => new(id, DateTimeOffset.FromUnixTimeMilliseconds(nowUnixMs));

    private string Failure(TCommand command, Exception failed) => $"the decider of {type.Name} failed on {command.GetType().Name}: {failed.GetType().Name}: {failed.Message}";
}
