using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>A decision in the making: the events so far, and the records and counters that they lead to.</summary>
internal sealed class KeyValueDraft
{
    private readonly KvEvents events = new();
    private readonly List<KeyValueChange> changes = new(1);

    /// <param name="revision">The counter before the first event.</param>
    /// <param name="keyCount">Keys before the first event.</param>
    public KeyValueDraft(ulong revision, long keyCount, long nowUnixMs)
    {
        Revision = revision;
        KeyCount = keyCount;
        NowMs = nowUnixMs;
        events.FirstRevision = revision + 1;
    }

    public ulong Revision { get; private set; }

    public long KeyCount { get; private set; }

    public long NowMs { get; }

    public bool IsEmpty => changes.Count == 0;

    /// <summary>The key gets a value.</summary>
    public KvRecord Put(KvRecord? old, byte[] key, byte[] value, long expiresAtMs)
    {
        Add(KvEventKind.Put, key, value, expiresAtMs);
        KeyCount += old is null ? 1 : 0;
        return Leave(new KvRecord(key, value, Revision, expiresAtMs));
    }

    /// <summary>The value grows. The log carries only what is added.</summary>
    public KvRecord Append(KvRecord old, byte[] suffix)
    {
        Add(KvEventKind.Appended, old.Key, suffix, 0);
        return Leave(Appended(old, suffix, Revision));
    }

    public KvRecord SetExpiry(KvRecord old, long expiresAtMs)
    {
        Add(KvEventKind.ExpirySet, old.Key, [], expiresAtMs);
        return Leave(new KvRecord(old.Key, old.Value, Revision, expiresAtMs));
    }

    public void Delete(KvRecord old) => Remove(KvEventKind.Delete, old);

    /// <summary>The key is past its deadline: that it is gone becomes a fact of the log.</summary>
    public void Expire(KvRecord old) => Remove(KvEventKind.Expired, old);

    public MachineDecision ToDecision(ByteString reply) =>
        MachineDecision.Changed(events.ToBytes(), reply, new KeyValueEffects([.. changes], Revision, KeyCount));

    public static KvRecord Appended(KvRecord old, ReadOnlySpan<byte> suffix, ulong revision)
    {
        var value = new byte[old.Value.Length + suffix.Length];
        old.Value.CopyTo(value, 0);
        suffix.CopyTo(value.AsSpan(old.Value.Length));
        return new KvRecord(old.Key, value, revision, old.ExpiresAtMs);
    }

    private void Remove(KvEventKind kind, KvRecord old)
    {
        Add(kind, old.Key, [], 0);
        KeyCount--;
        changes.Add(new KeyValueChange(old.Key, null));
    }

    private void Add(KvEventKind kind, byte[] key, byte[] value, long expiresAtMs)
    {
        Revision++;
        events.Events.Add(new KvEvent { Kind = kind, Key = KeyBytes.Wrap(key), Value = KeyBytes.Wrap(value), ExpiresAtMs = expiresAtMs });
    }

    private KvRecord Leave(KvRecord record)
    {
        changes.Add(new KeyValueChange(record.Key, record));
        return record;
    }
}
