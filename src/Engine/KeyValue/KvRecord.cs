using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;

namespace Cluster.Engine.KeyValue;

/// <summary>One key with its value. Immutable but for its place in the expiry heap and its
/// remembered digest, which only the owner of the live keyspace looks at; so snapshots share it.</summary>
internal sealed class KvRecord
{
    private ulong digest;

    public KvRecord(byte[] key, byte[] value, ulong revision, long expiresAtMs)
    {
        Key = key;
        Value = value;
        Revision = revision;
        ExpiresAtMs = expiresAtMs;
    }

    public byte[] Key { get; }

    public byte[] Value { get; }

    /// <summary>Of the write that last touched it.</summary>
    public ulong Revision { get; }

    /// <summary>Deadline in Unix time, milliseconds; 0: none.</summary>
    public long ExpiresAtMs { get; }

    /// <summary>Position in the <see cref="ExpiryHeap"/>; -1 outside.</summary>
    public int HeapPosition { get; set; } = -1;

    public long Bytes => KvLimits.RecordOverheadBytes + Key.Length + (long)Value.Length;

    public bool IsDue(long nowUnixMs) => ExpiresAtMs != 0 && ExpiresAtMs <= nowUnixMs;

    /// <summary>Hash of all that is replicated of the record. Computed once: a replaced record's value is not read again.</summary>
    public ulong Digest()
    {
        if (digest == 0)
        {
            digest = StateDigest.Join(StateDigest.Join(StateDigest.Of(Key), StateDigest.Of(Value)), StateDigest.Join(Revision, (ulong)ExpiresAtMs));
        }

        return digest;
    }
}
