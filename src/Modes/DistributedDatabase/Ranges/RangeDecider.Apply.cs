using System.Collections.Immutable;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <content>What events make of a range.</content>
public sealed partial class RangeDecider
{
    public RangeState Apply(RangeState state, RangeEvent @event) => @event switch
    {
        Fenced fenced => state with { Clock = Math.Max(state.Clock, fenced.At) },
        Written written => Remember(written.Changes.Aggregate(state, (next, change) => Write(next, change.Key, written.At, change.Value)), written.Outcome),
        IntentsLaid laid => LayIntents(state, laid),
        Committed committed => Remember(
            Resolve(Change(state, committed.Transaction, record => record with { Status = TransactionStatus.Committed, At = committed.At }), committed.Transaction, committed.At),
            committed.Outcome),
        Aborted aborted => End(state, aborted),
        RecordChanged changed => Change(state, changed.Transaction, record => record with { At = changed.LaterThan, DeadlineUnixMs = changed.DeadlineUnixMs }),
        Resolved resolved => Resolve(state, resolved.Transaction, resolved.At),
        Forgotten forgotten => Forget(state, forgotten),
        RequestRefused refused => Remember(state, refused.Outcome),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} does not happen to a range"),
    };

    private static RangeState LayIntents(RangeState state, IntentsLaid laid) => state with
    {
        Intents = laid.Intents.Aggregate(state.Intents, static (intents, intent) => Sorted.Set(intents, intent, one => one.Key)),
        Bytes = state.Bytes + laid.Intents.Sum(RangeSize.Of) - laid.Intents.Sum(intent => state.Intent(intent.Key) is { } before ? RangeSize.Of(before) : 0),
        Records = laid.Record is { } record ? Sorted.Set(state.Records, record, one => one.Id) : state.Records,
    };

    private static RangeState Change(RangeState state, string transaction, Func<TransactionRecord, TransactionRecord> change) =>
        state with { Records = Sorted.Set(state.Records, change(state.Record(transaction)!), record => record.Id) };

    /// <summary>The anchor's own intents go at once; the others' are resolved by whoever ended it, or by whoever meets them.</summary>
    private static RangeState End(RangeState state, Aborted aborted) => Resolve(
        aborted.Tombstone is { } tombstone
            ? state with { Records = Sorted.Set(state.Records, tombstone, record => record.Id) }
            : Change(state, aborted.Transaction, record => record with { Status = TransactionStatus.Aborted, Why = aborted.Why, IsByOwner = aborted.Why.Length == 0 }),
        aborted.Transaction,
        at: null);

    private static RangeState Resolve(RangeState state, string transaction, long? at)
    {
        foreach (var intent in state.Intents.Where(intent => intent.Transaction == transaction).ToList())
        {
            state = state with { Intents = Sorted.Remove(state.Intents, intent.Key, one => one.Key), Bytes = state.Bytes - RangeSize.Of(intent) };
            state = at is { } when ? Write(state, intent.Key, when, intent.Value) : state;
        }

        return state;
    }

    /// <summary>
    /// One that others have ended, and whose coordinator may not know, leaves a floor: whoever began then or before gets no record here, so that intents which have been taken away cannot be missed by a commit.
    /// </summary>
    private static RangeState Forget(RangeState state, Forgotten forgotten)
    {
        var record = state.Record(forgotten.Transaction)!;
        return state with
        {
            Records = Sorted.Remove(state.Records, forgotten.Transaction, one => one.Id),
            RecordFloor = record.Status == TransactionStatus.Committed || record.IsByOwner || forgotten.ByOwner ? state.RecordFloor : Math.Max(state.RecordFloor, record.Start),
        };
    }

    /// <summary>The oldest go, by number and by bytes: what a client read may be long.</summary>
    private static RangeState Remember(RangeState state, Outcome? outcome)
    {
        if (outcome is null)
        {
            return state;
        }

        state = state with { Outcomes = state.Outcomes.Add(outcome), OutcomeBytes = state.OutcomeBytes + RangeSize.Of(outcome) };
        while (state.Outcomes.Count > MaxOutcomes || (state.OutcomeBytes > MaxOutcomeBytes && state.Outcomes.Count > 1))
        {
            state = state with { Outcomes = state.Outcomes.RemoveAt(0), OutcomeBytes = state.OutcomeBytes - RangeSize.Of(state.Outcomes[0]) };
        }

        return state;
    }

    private static RangeState Write(RangeState state, string key, long at, string? value)
    {
        var before = state.Row(key);
        ImmutableArray<KeyVersion> all = (before?.Versions ?? []).Add(new KeyVersion(at, value)).Sort((one, other) => other.At.CompareTo(one.At));
        var kept = Kept(all, state.Size > CrowdedBytes);
        var row = new Row(key, all[..kept], kept < all.Length || before is { IsTrimmed: true });
        var (index, lost) = Reindex(state.Index, key, before, row);
        var next = state with
        {
            Clock = Math.Max(state.Clock, at),
            Rows = Sorted.Set(state.Rows, row, one => one.Key),
            Index = index,
            IndexFloor = lost ? Math.Max(state.IndexFloor, row.Versions[^1].At) : state.IndexFloor,
            Bytes = state.Bytes + (before is null ? RangeSize.OfKey(key) : 0) + RangeSize.Of(key, new KeyVersion(at, value)) - all[kept..].Sum(version => RangeSize.Of(key, version)),
        };
        return value is null ? Trim(next, row) : next;
    }

    /// <summary>How many of the versions stay: the newest one, and older ones up to their number and their length.</summary>
    private static int Kept(ImmutableArray<KeyVersion> versions, bool isCrowded)
    {
        var (kept, length) = (1, 0);
        while (kept < versions.Length && kept < (isCrowded ? 1 : MaxVersions) && (length += versions[kept].Value?.Length ?? 0) <= MaxOldLength)
        {
            kept++;
        }

        return kept;
    }

    /// <returns>The index, and whether it has lost a value of this key.</returns>
    private static (ImmutableList<IndexEntry> Index, bool HasLost) Reindex(ImmutableList<IndexEntry> index, string key, Row? before, Row? after)
    {
        var (had, has, count) = (Indexed(before), Indexed(after), index.Count);
        foreach (var gone in had.Except(has, StringComparer.Ordinal))
        {
            index = index.RemoveAt(Sorted.Seek(index, entry => Order(entry, gone, key)));
        }

        var hasLost = index.Count < count;

        foreach (var came in has.Except(had, StringComparer.Ordinal))
        {
            index = index.Insert(Sorted.Seek(index, entry => Order(entry, came, key)), new IndexEntry(came, key));
        }

        return (index, hasLost);
    }

    internal static bool IsIndexed(string? value) => value?.Length <= MaxIndexed;

    private static List<string> Indexed(Row? row) => row is null ? [] : [.. row.Versions.Select(version => version.Value).OfType<string>().Where(IsIndexed).Distinct(StringComparer.Ordinal)];

    private static int Order(IndexEntry entry, string value, string key) => string.CompareOrdinal(entry.Value, value) is var order and not 0 ? order : string.CompareOrdinal(entry.Key, key);

    /// <summary>Rows that hold nothing but deletions, when there are too many: the older half goes, and who began before them begins again. Where there is little room, a deletion goes at once.</summary>
    private static RangeState Trim(RangeState state, Row deleted)
    {
        if (state.Size > CrowdedBytes)
        {
            return Drop(state, deleted);
        }

        if (state.Rows.Count <= MaxDeleted)
        {
            return state; // There cannot be too many among so few.
        }

        var all = state.Rows.Where(row => row.Versions[0].Value is null).OrderBy(row => row.Versions[0].At).ToList();
        return all.Count <= MaxDeleted ? state : all.Take(all.Count / 2).Aggregate(state, Drop);
    }

    private static RangeState Drop(RangeState state, Row row) => state with
    {
        Rows = Sorted.Remove(state.Rows, row.Key, one => one.Key),
        Index = Reindex(state.Index, row.Key, row, null).Index,
        Floor = Math.Max(state.Floor, row.Versions[0].At),
        Bytes = state.Bytes - RangeSize.Of(row),
    };
}
