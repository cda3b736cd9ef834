using Cluster.Engine.Sharding;

namespace Cluster.Engine.KeyValue;

/// <summary>What a replica has applied: the keys, which of them expire when, the revision counter, and the sums that cost nothing to read.</summary>
internal sealed class KeyValueState
{
    private ulong recordHash;

    public Keyspace Keys { get; private set; } = new();

    public ExpiryHeap Expiry { get; private set; } = new();

    /// <summary>How many keys each hash slot holds.</summary>
    public SlotCounts Slots { get; private set; } = new();

    /// <summary>Which keys were removed lately. On every replica what it has applied since it started, so not part of the state that replicas compare.</summary>
    public RecentRemovals Removals { get; } = new();

    /// <summary>Of the last applied event; 0 before the first. Never goes back, and so no revision is ever given twice.</summary>
    public ulong Revision { get; private set; }

    public long Bytes { get; private set; }

    public ulong Hash => StateDigest.Join(recordHash, Revision);

    /// <summary>The revision of the event that is being applied.</summary>
    public ulong NextRevision() => ++Revision;

    public void Set(KvRecord record)
    {
        var previous = Keys.Set(record);
        recordHash += record.Digest();
        Bytes += record.Bytes;
        if (previous is null)
        {
            Slots.Add(record.Key);
            Schedule(record);
            return;
        }

        Uncount(previous);
        if (previous.ExpiresAtMs != 0 && record.ExpiresAtMs != 0)
        {
            Expiry.Replace(previous, record);
            return;
        }

        Unschedule(previous);
        Schedule(record);
    }

    /// <summary>The key goes, by the event that has the present revision.</summary>
    /// <returns>False when the key is not there.</returns>
    public bool Remove(ReadOnlySpan<byte> key)
    {
        var removed = Keys.Remove(key);
        if (removed is null)
        {
            return false;
        }

        Slots.Remove(key);
        Removals.Add(key, Revision);
        Uncount(removed);
        Unschedule(removed);
        return true;
    }

    /// <summary>Takes all keys away by the event that has the present revision, in no time: what snapshots still show stays theirs.</summary>
    public void Clear()
    {
        Keys = new Keyspace();
        Expiry = new ExpiryHeap();
        Slots = new SlotCounts();
        Removals.ForgetBefore(Revision);
        recordHash = 0;
        Bytes = 0;
    }

    /// <summary>Starts the counter where a snapshot left it.</summary>
    public void RestoreRevision(ulong revision)
    {
        Revision = revision;
        Removals.ForgetBefore(revision);
    }

    private void Uncount(KvRecord record)
    {
        recordHash -= record.Digest();
        Bytes -= record.Bytes;
    }

    private void Schedule(KvRecord record)
    {
        if (record.ExpiresAtMs != 0)
        {
            Expiry.Add(record);
        }
    }

    private void Unschedule(KvRecord record)
    {
        if (record.ExpiresAtMs != 0)
        {
            Expiry.Remove(record);
        }
    }
}
