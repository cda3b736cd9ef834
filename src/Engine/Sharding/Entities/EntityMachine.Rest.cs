namespace Cluster.Engine.Sharding.Entities;

/// <summary>Who is awake. Waking and resting are each replica's own business: nothing that leaves the replica depends on them.</summary>
internal sealed partial class EntityMachine<TState, TCommand, TEvent>
{
    /// <summary>Entities put to rest in one go: bounds how long the shard waits for it.</summary>
    private const int MaxRestingAtOnce = 256;

    /// <summary>Entities awake and at rest; one that is only proposed is neither.</summary>
    public EntityCounts Counts => new(live.Count - proposedNew, stored.Count - (live.Count - proposedNew));

    public void Rest(long nowUnixMs)
    {
        var before = nowUnixMs - (long)type.PassivateAfter.TotalMilliseconds;
        for (var i = 0; i < MaxRestingAtOnce && byUse.First is { } idlest && idlest.Value.LastUsedMs <= before; i++)
        {
            if (idlest.Value.ProposedIndex == 0)
            {
                PutToRest(idlest.Value);
            }
            else
            {
                Touch(idlest.Value, nowUnixMs);
            }
        }

        report(Counts);
    }

    /// <summary>The entity, woken if it is at rest; null when there is no such entity.</summary>
    private LiveEntity<TState>? Awake(string id)
    {
        if (live.TryGetValue(id, out var entity))
        {
            return entity;
        }

        return stored.TryGetValue(id, out var bytes) ? Wake(new LiveEntity<TState>(id, type.ReadState(bytes.Version, bytes.State), exists: true)) : null;
    }

    private LiveEntity<TState> WakeNew(string id) => Wake(new LiveEntity<TState>(id, decider.Empty, exists: false));

    private LiveEntity<TState> Wake(LiveEntity<TState> entity)
    {
        live.Add(entity.Id, entity);
        entity.LastUsedMs = byUse.Last?.Value.LastUsedMs ?? 0;
        byUse.AddLast(entity.ByUse);
        return entity;
    }

    private void Touch(LiveEntity<TState> entity, long nowUnixMs)
    {
        entity.LastUsedMs = nowUnixMs;
        byUse.Remove(entity.ByUse);
        byUse.AddLast(entity.ByUse);
    }

    private void PutToRest(string id, ulong index)
    {
        // Commands may have been proposed since the passivation was: then it stays awake for them.
        if (live.TryGetValue(id, out var entity) && entity.ProposedIndex <= index && entity.Exists)
        {
            PutToRest(entity);
        }
    }

    private void PutToRest(LiveEntity<TState> entity)
    {
        Save(entity);
        Forget(entity);
    }

    private void Forget(LiveEntity<TState> entity)
    {
        if (live.Remove(entity.Id))
        {
            byUse.Remove(entity.ByUse);
        }
    }
}
