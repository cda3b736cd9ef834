using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>A decision in the making: the events so far, and the records and counters that they lead to. Proposed, it tells the overlay what is to come.</summary>
internal sealed class KeyValueDraft
{
    private readonly ulong firstRevision;

    /// <summary>Nearly every decision has one event: it costs no list.</summary>
    private KeyValueChange first;
    private List<KeyValueChange>? rest;
    private Dictionary<byte[], KvRecord?>? latest;

    /// <param name="revision">The counter before the first event.</param>
    /// <param name="keyCount">Keys before the first event.</param>
    public KeyValueDraft(ulong revision, long keyCount, long nowUnixMs)
    {
        firstRevision = revision + 1;
        Revision = revision;
        KeyCount = keyCount;
        NowMs = nowUnixMs;
    }

    /// <summary>Of the last event.</summary>
    public ulong Revision { get; private set; }

    /// <summary>Keys after the last event.</summary>
    public long KeyCount { get; private set; }

    public long NowMs { get; }

    /// <summary>Values in the events so far.</summary>
    public long EventBytes { get; private set; }

    public int Count => (int)(Revision + 1 - firstRevision);

    public KeyValueChange this[int i] => i == 0 ? first : rest![i - 1];

    /// <summary>From here on the draft can be asked what it leaves of a key. Only a batch asks.</summary>
    public void TrackKeys() => latest ??= new Dictionary<byte[], KvRecord?>(KeyBytes.Comparer);

    /// <summary>Whether the draft changes the key, and what record it leaves (null: none).</summary>
    public bool TryFind(ReadOnlySpan<byte> key, out KvRecord? record)
    {
        record = null;
        return latest is not null && latest.Count > 0 && latest.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out record);
    }

    /// <summary>The key gets a value.</summary>
    public KvRecord Put(KvRecord? old, byte[] key, byte[] value, long expiresAtMs)
    {
        KeyCount += old is null ? 1 : 0;
        var record = new KvRecord(key, value, Revision + 1, expiresAtMs);
        Add(new KeyValueChange(KvEventKind.Put, key, value, expiresAtMs, record));
        return record;
    }

    /// <summary>The value grows. The log carries only what is added.</summary>
    public KvRecord Append(KvRecord old, byte[] suffix)
    {
        var record = Appended(old, suffix, Revision + 1);
        Add(new KeyValueChange(KvEventKind.Appended, old.Key, suffix, 0, record));
        return record;
    }

    /// <summary>Bytes of the value are written over, and it grows as it must. The log carries only the new bytes.</summary>
    public KvRecord Patch(KvRecord old, byte[] bytes, int offset)
    {
        var record = new KvRecord(old.Key, Patched(old.Value, bytes, offset), Revision + 1, old.ExpiresAtMs);
        Add(new KeyValueChange(KvEventKind.Patched, old.Key, bytes, 0, record, offset));
        return record;
    }

    /// <summary>All keys of the shard go.</summary>
    public void Clear()
    {
        KeyCount = 0;
        Add(new KeyValueChange(KvEventKind.Cleared, [], [], 0, null));
    }

    public KvRecord SetExpiry(KvRecord old, long expiresAtMs)
    {
        var record = new KvRecord(old.Key, old.Value, Revision + 1, expiresAtMs);
        Add(new KeyValueChange(KvEventKind.ExpirySet, old.Key, [], expiresAtMs, record));
        return record;
    }

    public void Delete(KvRecord old) => Remove(KvEventKind.Delete, old);

    /// <summary>The key is past its deadline: that it is gone becomes a fact of the log.</summary>
    public void Expire(KvRecord old) => Remove(KvEventKind.Expired, old);

    public MachineDecision ToDecision(ByteString reply) => MachineDecision.Changed(KeyValueEvents.Encode(this, firstRevision), reply, this);

    public static KvRecord Appended(KvRecord old, ReadOnlySpan<byte> suffix, ulong revision)
    {
        var value = GC.AllocateUninitializedArray<byte>(old.Value.Length + suffix.Length);
        old.Value.CopyTo(value, 0);
        suffix.CopyTo(value.AsSpan(old.Value.Length));
        return new KvRecord(old.Key, value, revision, old.ExpiresAtMs);
    }

    public static byte[] Patched(ReadOnlySpan<byte> old, ReadOnlySpan<byte> bytes, int offset)
    {
        var value = new byte[Math.Max(old.Length, offset + bytes.Length)];
        old.CopyTo(value);
        bytes.CopyTo(value.AsSpan(offset));
        return value;
    }

    private void Remove(KvEventKind kind, KvRecord old)
    {
        KeyCount--;
        Add(new KeyValueChange(kind, old.Key, [], 0, null));
    }

    private void Add(in KeyValueChange change)
    {
        if (Count == 0)
        {
            first = change;
        }
        else
        {
            (rest ??= []).Add(change);
        }

        if (latest is not null)
        {
            latest[change.Key] = change.Record;
        }

        EventBytes += change.Value.Length;
        Revision++;
    }
}
