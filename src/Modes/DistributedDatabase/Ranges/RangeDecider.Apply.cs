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
        _ => throw new InvalidOperationException($"{@event.GetType().Name} does not happen to a range"),
    };

    private static RangeState LayIntents(RangeState state, IntentsLaid laid) => state with
    {
        Intents = laid.Intents.Aggregate(state.Intents, static (intents, intent) => Sorted.Set(intents, intent, one => one.Key)),
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
            state = state with { Intents = Sorted.Remove(state.Intents, intent.Key, one => one.Key) };
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

    private static RangeState Remember(RangeState state, Outcome? outcome) => outcome is null ? state : state with
    {
        Outcomes = (state.Outcomes.Count < MaxOutcomes ? state.Outcomes : state.Outcomes.RemoveAt(0)).Add(outcome),
    };

    private static RangeState Write(RangeState state, string key, long at, string? value)
    {
        var before = state.Row(key);
        var versions = (before?.Versions ?? []).Add(new KeyVersion(at, value)).Sort((one, other) => other.At.CompareTo(one.At));
        var row = new Row(key, versions.Length > MaxVersions ? versions[..MaxVersions] : versions, versions.Length > MaxVersions || before is { IsTrimmed: true });
        var next = state with
        {
            Clock = Math.Max(state.Clock, at),
            Rows = Sorted.Set(state.Rows, row, one => one.Key),
            Index = Reindex(state.Index, key, before, row),
        };
        return value is null ? Trim(next) : next;
    }

    private static ImmutableList<IndexEntry> Reindex(ImmutableList<IndexEntry> index, string key, Row? before, Row? after)
    {
        var (had, has) = (Indexed(before), Indexed(after));
        foreach (var gone in had.Except(has, StringComparer.Ordinal))
        {
            index = index.RemoveAt(Sorted.Seek(index, entry => Order(entry, gone, key)));
        }

        foreach (var came in has.Except(had, StringComparer.Ordinal))
        {
            index = index.Insert(Sorted.Seek(index, entry => Order(entry, came, key)), new IndexEntry(came, key));
        }

        return index;
    }

    private static List<string> Indexed(Row? row) => row is null ? [] : [.. row.Versions.Select(version => version.Value).OfType<string>().Where(value => value.Length <= MaxIndexed).Distinct(StringComparer.Ordinal)];

    private static int Order(IndexEntry entry, string value, string key) => string.CompareOrdinal(entry.Value, value) is var order and not 0 ? order : string.CompareOrdinal(entry.Key, key);

    /// <summary>Rows that hold nothing but deletions, when there are too many: the older half goes, and who began before them begins again.</summary>
    private static RangeState Trim(RangeState state)
    {
        if (state.Rows.Count <= MaxDeleted)
        {
            return state; // There cannot be too many among so few.
        }

        var deleted = state.Rows.Where(row => row.Versions[0].Value is null).OrderBy(row => row.Versions[0].At).ToList();
        if (deleted.Count <= MaxDeleted)
        {
            return state;
        }

        foreach (var row in deleted.Take(deleted.Count / 2))
        {
            state = state with { Rows = Sorted.Remove(state.Rows, row.Key, one => one.Key), Index = Reindex(state.Index, row.Key, row, null), Floor = Math.Max(state.Floor, row.Versions[0].At) };
        }

        return state;
    }
}
