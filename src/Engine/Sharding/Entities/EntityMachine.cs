using System.Collections.Immutable;
using Cluster.Engine.Port;
using Google.Protobuf;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>
/// All entities of one type in one shard. The leader decides a command on the entity's applied state plus what it has proposed since; every replica applies
/// the events, so any of them can take over, and two that applied the same log have equal hashes and snapshots, whichever entities each holds awake.
/// </summary>
/// <remarks>
/// An entity is kept twice: as bytes, in an immutable map that a snapshot takes as it is, and, while it is awake, as a live state. The bytes may lag behind
/// the live state; they are caught up when a snapshot or the hash is wanted, when the entity is put to rest, or when too many lag behind.
/// </remarks>
internal sealed partial class EntityMachine<TState, TCommand, TEvent> : IShardMachine
    where TState : notnull
    where TCommand : class
    where TEvent : class
{
    /// <summary>Entities whose bytes may lag behind: bounds what a snapshot has to write before it can be taken, between two entries of the log.</summary>
    private const int MaxUnsaved = 1_024;

    private readonly EntityType<TState, TCommand, TEvent> type;
    private readonly IDecider<TState, TCommand, TEvent> decider;
    private readonly EntityWire<TCommand, TEvent> wire;
    private readonly Action<EntityCounts> report;
    private readonly Dictionary<string, LiveEntity<TState>> live = new(StringComparer.Ordinal);
    private readonly LinkedList<LiveEntity<TState>> byUse = new();
    private readonly Queue<LiveEntity<TState>> unsaved = new();
    private readonly Queue<(ulong Index, LiveEntity<TState> Entity)> proposed = new();
    private ImmutableSortedDictionary<string, StoredEntity> stored = ImmutableSortedDictionary.Create<string, StoredEntity>(StringComparer.Ordinal);
    private int proposedNew;
    private ulong hash;
    private long bytes;

    /// <param name="report">Told now and then how many entities are awake and at rest.</param>
    public EntityMachine(EntityType<TState, TCommand, TEvent> type, uint machine, Action<EntityCounts> report)
    {
        (this.type, this.report, Machine) = (type, report, machine);
        decider = type.Decider;
        wire = new EntityWire<TCommand, TEvent>(type.Name, type.Codec);
    }

    public uint Machine { get; }

    public bool IsUnused => stored.IsEmpty;

    public ulong StateHash
    {
        get
        {
            SaveAll();
            return hash;
        }
    }

    public long StateBytes => bytes;

    public bool TryDecideDue(long nowUnixMs, int max, out MachineDecision decision)
    {
        decision = default; // Nothing happens to an entity by the clock alone: resting is no event.
        return false;
    }

    public void Proposed(ulong index, in MachineDecision decision)
    {
        if (decision.Effects is not EntityEffects<TState> effects)
        {
            return; // It puts an entity to rest: the next decision sees the same state.
        }

        var entity = Awake(effects.Id) ?? WakeNew(effects.Id);
        if (!entity.Exists && entity.ProposedIndex == 0)
        {
            proposedNew++;
        }

        entity.Propose(index, effects.Next);
        proposed.Enqueue((index, entity));
    }

    public void DropProposed()
    {
        while (proposed.TryDequeue(out var next))
        {
            next.Entity.ForgetProposed();
            if (!next.Entity.Exists)
            {
                Forget(next.Entity);
            }
        }

        proposedNew = 0;
    }

    public void Apply(ulong index, ByteString @event, long atUnixMs)
    {
        var (id, events) = wire.ReadEvents(index, @event);
        if (events.Count == 0)
        {
            PutToRest(id, index);
            return;
        }

        var entity = Awake(id) ?? WakeNew(id);
        var state = entity.Applied;
        foreach (var happened in events)
        {
            state = ApplyCommitted(index, id, state, happened);
        }

        Settle(entity, index);
        entity.Applied = state;
        Touch(entity, atUnixMs);
        MarkUnsaved(entity);
    }

    private TState ApplyCommitted(ulong index, string id, TState state, TEvent happened)
    {
        try
        {
            return decider.Apply(state, happened) ?? throw new InvalidOperationException("Apply gave null");
        }
        catch (Exception failed)
        {
            // It went through on the leader: this program decides otherwise than the one that leads.
            throw new InvalidDataException($"Log entry {index}: {happened.GetType().Name} cannot be applied to {type.Name} '{id}': {failed.Message}; start this node with the version its cluster runs", failed);
        }
    }

    /// <summary>The entity's first event makes it exist; its last proposed one leaves nothing expected.</summary>
    private void Settle(LiveEntity<TState> entity, ulong index)
    {
        if (!entity.Exists)
        {
            entity.Exists = true;
            stored = stored.Add(entity.Id, StoredEntity.None);
            proposedNew -= entity.ProposedIndex == 0 ? 0 : 1;
        }

        while (proposed.TryPeek(out var next) && next.Index <= index)
        {
            proposed.Dequeue();
            if (next.Entity.ProposedIndex == next.Index)
            {
                next.Entity.ForgetProposed();
            }
        }
    }

    private void MarkUnsaved(LiveEntity<TState> entity)
    {
        if (entity.Unsaved)
        {
            return;
        }

        entity.Unsaved = true;
        unsaved.Enqueue(entity);
        if (unsaved.Count > MaxUnsaved)
        {
            Save(unsaved.Dequeue());
        }
    }

    private void SaveAll()
    {
        while (unsaved.TryDequeue(out var entity))
        {
            Save(entity);
        }
    }

    private void Save(LiveEntity<TState> entity)
    {
        if (!entity.Unsaved)
        {
            return; // Saved on its way to rest.
        }

        entity.Unsaved = false;
        Store(entity.Id, StoredEntity.Of(entity.Id, type.StateVersion, type.WriteState(entity.Applied)));
    }

    private void Store(string id, StoredEntity next)
    {
        var old = stored.GetValueOrDefault(id, StoredEntity.None);
        stored = stored.SetItem(id, next);
        hash += next.Digest - old.Digest;
        bytes += next.State.Length - old.State.Length;
    }
}
