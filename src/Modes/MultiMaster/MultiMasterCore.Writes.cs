namespace Cluster.Modes.MultiMaster;

/// <content>What clients write here. Each returns an update that is in the state already; one that cannot be changes nothing.</content>
internal sealed partial class MultiMasterCore
{
    /// <summary>A client's token may be so far ahead of this node's wall clock: far more than clocks differ, and not so far that one request would spoil the time for good.</summary>
    public const long TokenAheadMsMax = 60_000;

    /// <summary>Beyond it a replica counts no further, so that the sum over a thousand replicas is a number still.</summary>
    private const long CountMax = 1L << 50;

    /// <summary>Writes a register.</summary>
    /// <param name="type">Null: as the key is, a register of the last writer where it is new.</param>
    /// <param name="context">Of siblings: which updates the writer has seen, and so replaces. Null: all that this replica has.</param>
    /// <param name="token">The latest time that the writer has seen; its own gets a later one.</param>
    public MasterMove Put(string key, ObjectType? type, string value, VersionVector? context, HybridTimestamp? token, long wallMs)
    {
        var id = new ObjectId(key, type ?? (IsVisible(new ObjectId(key, ObjectType.Siblings)) ? ObjectType.Siblings : ObjectType.LastWriterWins));
        if (WhyNot(id, token, wallMs) is { } refusal)
        {
            return refusal;
        }

        if (context is not null && (id.Type != ObjectType.Siblings || context[Replica] > Known[Replica]))
        {
            return MasterMove.Conflict(id.Type != ObjectType.Siblings ? $"{key} is no register with siblings: only those have a context" : "the context names updates of this node that it has never taken");
        }

        var had = Find(id);
        var seen = context ?? had.Versions;
        return Change(id, had with { Versions = had.Versions.Join(seen) }, token, wallMs, (state, entry) =>
            [.. id.Type == ObjectType.Siblings ? state.Entries.Where(old => !seen.Covers(old.Dot)) : [], entry with { Value = value }]);
    }

    /// <summary>Takes away what this replica has of the key. What it has not heard of yet stays.</summary>
    /// <param name="type">Null: as the key is.</param>
    public MasterMove Delete(string key, ObjectType? type, HybridTimestamp? token, long wallMs)
    {
        if (WhyUnclear(key, type) is { } why)
        {
            return MasterMove.Conflict(why);
        }

        var id = new ObjectId(key, type ?? (VisibleTypes(key) is [var only, ..] ? only : default));
        return WhyNot(id, token, wallMs)
            ?? (!IsVisible(id) ? MasterMove.Nothing
                : id.Type == ObjectType.Counter ? MasterMove.Conflict($"{key} is a counter, which is only counted: nobody could tell what was counted elsewhere meanwhile from what is to go")
                : Change(id, Find(id), token, wallMs, (_, entry) => id.Type == ObjectType.LastWriterWins ? [entry] : []));
    }

    /// <summary>Counts, down with a negative number.</summary>
    public MasterMove Increment(string key, long by, long wallMs)
    {
        var id = new ObjectId(key, ObjectType.Counter);
        if (WhyNot(id, null, wallMs) is { } refusal)
        {
            return refusal;
        }

        var had = Find(id);
        var mine = had.Counts?.FirstOrDefault(count => count.Replica == Replica) ?? new ReplicaCount(Replica, 0, 0);
        var next = by >= 0 ? mine with { Up = mine.Up + by } : mine with { Down = mine.Down - by };
        return next.Up > CountMax || next.Down > CountMax
            ? MasterMove.Conflict($"{key} has been counted to its bound of {CountMax} here")
            : Change(id, had with { Counts = [.. (had.Counts ?? []).Where(count => count.Replica != Replica).Append(next).OrderBy(count => count.Replica, StringComparer.Ordinal)] }, null, wallMs, (_, _) => []);
    }

    /// <summary>Puts an element into a set, or a field into a map.</summary>
    /// <param name="value">Of the field; null for an element.</param>
    public MasterMove Add(ObjectType type, string key, string field, string? value, HybridTimestamp? token, long wallMs)
    {
        var id = new ObjectId(key, type);
        return WhyNot(id, token, wallMs)
            ?? Change(id, Find(id), token, wallMs, (state, entry) => [.. state.Entries.Where(old => old.Field != field), entry with { Field = field, Value = value }]);
    }

    /// <summary>Takes an element or a field away, as far as this replica has heard of it: what is added elsewhere meanwhile stays (add wins).</summary>
    public MasterMove Remove(ObjectType type, string key, string field, HybridTimestamp? token, long wallMs)
    {
        var id = new ObjectId(key, type);
        if (WhyNot(id, token, wallMs) is { } refusal)
        {
            return refusal;
        }

        var had = Find(id);
        return had.Entries.All(entry => entry.Field != field)
            ? MasterMove.Nothing
            : Change(id, had, token, wallMs, (state, _) => [.. state.Entries.Where(old => old.Field != field)]);
    }

    /// <summary>Why this object takes no write now; null where it does.</summary>
    private MasterMove? WhyNot(ObjectId id, HybridTimestamp? token, long wallMs)
    {
        // By the wall clock alone: tokens that are each a little ahead of the one before would carry this clock as far as anybody likes.
        if (token is { } seen && seen > clock.Last && seen.Ms > wallMs + TokenAheadMsMax)
        {
            return MasterMove.Bad($"the token is {(seen.Ms - wallMs) / 1000} s ahead of this node's clock; it may be {TokenAheadMsMax / 1000} s");
        }

        if (WhyUnclear(id.Key, id.Type) is { } why)
        {
            return MasterMove.Conflict(why);
        }

        return objects.Count >= MostObjects && !objects.ContainsKey(id) ? MasterMove.Overloaded($"this node holds {MostObjects} objects, and takes no more") : null;
    }

    private ReplicatedObject Find(ObjectId id) => TryFind(id, out var found) ? found : new ReplicatedObject(id.Key, id.Type, VersionVector.Zero, []);

    /// <summary>Makes the next update of this replica.</summary>
    /// <param name="entries">From the state and an entry of this update: what is in it then.</param>
    private MasterMove Change(ObjectId id, ReplicatedObject had, HybridTimestamp? token, long wallMs, Func<ReplicatedObject, DottedEntry, IEnumerable<DottedEntry>> entries)
    {
        if (token is { } seen)
        {
            clock.Saw(seen);
        }

        var dot = new Dot(Replica, Known[Replica] + 1);
        var entry = new DottedEntry("", null, clock.Next(wallMs), dot);
        var stored = StoredObject.Of(had with { Versions = had.Versions.With(dot), Entries = ObjectMerge.Sorted(entries(had, entry)) });
        if (stored.Bytes > ObjectBytesMax && stored.Bytes > (objects.GetValueOrDefault(id)?.Bytes ?? 0))
        {
            return MasterMove.Conflict($"{id.Key} would take {stored.Bytes} bytes; an object may take {ObjectBytesMax}: take something away first");
        }

        known.Add(dot);
        Keep(id, stored);
        var gone = had.Entries.Select(old => old.Dot).Except(stored.Object.Entries.Select(now => now.Dot));
        var isPut = stored.Object.Entries.Any(now => now.Dot == dot);
        return new MasterMove(new ObjectWritten(dot, stored.Object), string.Join(' ', isPut ? gone.Prepend(dot) : gone), entry.Stamp.ToString(), null);
    }
}
