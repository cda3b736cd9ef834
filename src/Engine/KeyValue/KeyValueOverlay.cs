using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// What a leader has proposed and not yet applied: the latest proposed record of each touched key, and the counters as they will be. So pipelined commands
/// on one key are decided each on the outcome of the one before.
/// </summary>
internal sealed class KeyValueOverlay
{
    private static readonly Comparer<KvRecord> ByKey = Comparer<KvRecord>.Create(static (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));

    private readonly Dictionary<byte[], Pending> byKey = new(KeyBytes.Comparer);
    private readonly Dictionary<byte[], Pending>.AlternateLookup<ReadOnlySpan<byte>> bySpan;
    private ulong lastIndex;

    /// <summary>The latest proposed entry that clears the shard: no applied key counts any more; 0 when there is none.</summary>
    private ulong clearedAt;

    public KeyValueOverlay() => bySpan = byKey.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Something is proposed and not applied: the counters here hold, else those of the applied state.</summary>
    public bool IsActive => lastIndex != 0;

    /// <summary>Keys with a change under way.</summary>
    public int Count => byKey.Count;

    /// <summary>All applied keys are to go: only those with a change under way are left.</summary>
    public bool IsCleared => clearedAt != 0;

    /// <summary>The revision counter once everything proposed is applied.</summary>
    public ulong Revision { get; private set; }

    /// <summary>The number of keys once everything proposed is applied.</summary>
    public long KeyCount { get; private set; }

    /// <summary>Whether a change of the key is under way, and what record it leaves (null: none).</summary>
    public bool TryFind(ReadOnlySpan<byte> key, out KvRecord? record)
    {
        record = null;
        if (byKey.Count == 0 || !bySpan.TryGetValue(key, out var pending))
        {
            return clearedAt != 0;
        }

        record = pending.Record;
        return true;
    }

    public void Proposed(ulong index, KeyValueDraft draft)
    {
        lastIndex = index;
        Revision = draft.Revision;
        KeyCount = draft.KeyCount;
        for (var i = 0; i < draft.Count; i++)
        {
            var change = draft[i];
            if (change.Kind == KvEventKind.Cleared)
            {
                byKey.Clear();
                clearedAt = index;
                continue;
            }

            byKey[change.Key] = new Pending(index, change.Record);
        }
    }

    /// <summary>
    /// An event on a key is being applied: unless a later one is under way, the applied state will say it all.
    /// </summary>
    /// <returns>The record that the leader made when it decided this entry, if it is the last one on the key: the same content need not be made twice.</returns>
    public KvRecord? Take(ulong index, ReadOnlySpan<byte> key)
    {
        if (byKey.Count == 0 || !bySpan.TryGetValue(key, out var pending) || pending.Index > index)
        {
            return null;
        }

        bySpan.Remove(key);
        return pending.Record;
    }

    /// <summary>All events of an entry are applied.</summary>
    /// <exception cref="InvalidOperationException">Everything proposed is applied, and the outcome is not the predicted one: the leader decided too early.</exception>
    public void Applied(ulong index, ulong revision, long keyCount)
    {
        if (index >= clearedAt)
        {
            clearedAt = 0;
        }

        if (lastIndex == 0 || index < lastIndex)
        {
            return;
        }

        if (revision != Revision || keyCount != KeyCount || byKey.Count != 0)
        {
            throw new InvalidOperationException(
                $"At entry {index} the store has revision {revision} and {keyCount} keys; the leader predicted {Revision} and {KeyCount}, {byKey.Count} keys under way");
        }

        lastIndex = 0;
    }

    public void Drop()
    {
        byKey.Clear();
        lastIndex = 0;
        clearedAt = 0;
    }

    /// <summary>Adds the proposed records that are past their deadline, in key order.</summary>
    public void CollectDue(long nowUnixMs, List<KvRecord> due)
    {
        var first = due.Count;
        foreach (var pending in byKey.Values)
        {
            if (pending.Record is { } record && record.IsDue(nowUnixMs))
            {
                due.Add(record);
            }
        }

        due.Sort(first, due.Count - first, ByKey);
    }

    /// <summary>The changes under way of keys that start with <paramref name="prefix"/>, in key order: what is left of each (null: nothing).</summary>
    public List<KeyValuePair<byte[], KvRecord?>> Under(ReadOnlySpan<byte> prefix)
    {
        List<KeyValuePair<byte[], KvRecord?>> changes = [];
        foreach (var (key, pending) in byKey)
        {
            if (key.AsSpan().StartsWith(prefix))
            {
                changes.Add(new KeyValuePair<byte[], KvRecord?>(key, pending.Record));
            }
        }

        changes.Sort(static (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        return changes;
    }

    private readonly record struct Pending(ulong Index, KvRecord? Record);
}
