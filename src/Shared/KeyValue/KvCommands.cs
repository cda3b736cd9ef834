using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Shared.KeyValue;

/// <summary>
/// Builds the store's commands for front doors, without copying keys or values: the memory handed in must not change until the command is answered.
/// Conditions and expiry are added to a command: <c>Put(key, value).OnlyIfAbsent().ExpiringAfter(5_000)</c>. Bounds (<see cref="KvLimits"/>) are the
/// store's to check.
/// </summary>
public static class KvCommands
{
    /// <summary>The value with its revision, expiry and length.</summary>
    public static KvCommand Get(ReadOnlyMemory<byte> key) => new() { Op = KvOp.Get, Key = Wrap(key), ReturnValue = true };

    /// <summary>A key's revision, expiry and value length without the value.</summary>
    public static KvCommand GetMetadata(ReadOnlyMemory<byte> key) => new() { Op = KvOp.Get, Key = Wrap(key) };

    /// <summary>Sets the value; takes an old expiry away unless told otherwise.</summary>
    public static KvCommand Put(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => new() { Op = KvOp.Put, Key = Wrap(key), Value = Wrap(value) };

    public static KvCommand Delete(ReadOnlyMemory<byte> key) => new() { Op = KvOp.Delete, Key = Wrap(key) };

    /// <summary>Adds to the number that the value holds (an absent key holds 0); its expiry stays.</summary>
    public static KvCommand Increment(ReadOnlyMemory<byte> key, long delta) => new() { Op = KvOp.Increment, Key = Wrap(key), Delta = delta };

    /// <summary>Adds bytes at the end of the value (an absent key holds none); its expiry stays.</summary>
    public static KvCommand Append(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> suffix) => new() { Op = KvOp.Append, Key = Wrap(key), Value = Wrap(suffix) };

    /// <summary>Lets an existing key expire, in milliseconds from the leader's clock; 0 or less deletes it.</summary>
    public static KvCommand ExpireAfter(ReadOnlyMemory<byte> key, long milliseconds) => new() { Op = KvOp.Expire, Key = Wrap(key), Expiry = KvExpiry.After, ExpiryMs = milliseconds };

    /// <summary>Lets an existing key expire at a Unix time in milliseconds; a past time deletes it.</summary>
    public static KvCommand ExpireAt(ReadOnlyMemory<byte> key, long unixMs) => new() { Op = KvOp.Expire, Key = Wrap(key), Expiry = KvExpiry.At, ExpiryMs = unixMs };

    /// <summary>Takes a key's expiry away.</summary>
    public static KvCommand Persist(ReadOnlyMemory<byte> key) => new() { Op = KvOp.Persist, Key = Wrap(key) };

    /// <summary>One shard's keys in byte order, those that start with <paramref name="prefix"/> and are greater than <paramref name="after"/>.</summary>
    public static KvCommand Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte> after, int limit, bool withValues) => new()
    {
        Op = KvOp.Scan,
        Key = Wrap(prefix),
        After = Wrap(after),
        Limit = (uint)Math.Max(limit, 0),
        WithValues = withValues,
    };

    /// <summary>Part of a value: the bytes from <paramref name="start"/> to <paramref name="end"/>, both included; negative counts from the end.</summary>
    public static KvCommand GetRange(ReadOnlyMemory<byte> key, long start, long end) => new() { Op = KvOp.GetRange, Key = Wrap(key), Start = start, End = end };

    /// <summary>Writes over a part of the value, which grows as it must, by zeros if there is a gap; its expiry stays.</summary>
    public static KvCommand SetRange(ReadOnlyMemory<byte> key, long offset, ReadOnlyMemory<byte> value) =>
        new() { Op = KvOp.SetRange, Key = Wrap(key), Start = offset, Value = Wrap(value) };

    /// <summary>Adds to the decimal number that the value holds (an absent key holds 0); its expiry stays. The reply's value is the sum, as text.</summary>
    public static KvCommand IncrementFloat(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> delta) => new() { Op = KvOp.IncrementFloat, Key = Wrap(key), Value = Wrap(delta) };

    /// <summary>Takes all keys of one shard away, at one instant; the reply tells how many there were.</summary>
    public static KvCommand Clear() => new() { Op = KvOp.Clear };

    /// <summary>Some key of one shard.</summary>
    /// <param name="seed">Random: decides which.</param>
    public static KvCommand RandomKey(long seed) => new() { Op = KvOp.RandomKey, Start = seed };

    /// <summary>How many keys one shard holds.</summary>
    public static KvCommand Count() => new() { Op = KvOp.Count };

    /// <summary>How many keys one hash slot holds, those past their deadline and not yet expired among them.</summary>
    public static KvCommand CountSlot(int slot) => new() { Op = KvOp.Count, Slot = (uint)slot };

    /// <summary>Keys of one hash slot in byte order, those greater than <paramref name="after"/>. Look at <see cref="KvReply.More"/>: few of a shard's keys may be in the slot.</summary>
    public static KvCommand ScanSlot(int slot, ReadOnlyMemory<byte> after, int limit)
    {
        var scan = Scan(default, after, limit, withValues: false);
        scan.Slot = (uint)slot;
        return scan;
    }

    /// <summary>Several operations on keys of one hash slot, carried out at one instant; guards are added by <see cref="Guarding"/>.</summary>
    public static KvCommand Batch(params IEnumerable<KvCommand> operations) => new() { Op = KvOp.Batch, Operations = { operations } };

    /// <summary>A value and its expiry under another key of the same hash slot.</summary>
    public static KvCommand Copy(ReadOnlyMemory<byte> source, ReadOnlyMemory<byte> target) => new() { Op = KvOp.Copy, Key = Wrap(source), Target = Wrap(target) };

    /// <summary>Another key of the same hash slot instead of the one there is.</summary>
    public static KvCommand Rename(ReadOnlyMemory<byte> source, ReadOnlyMemory<byte> target) => new() { Op = KvOp.Rename, Key = Wrap(source), Target = Wrap(target) };

    /// <summary>A batch is carried out only if the key has this revision; 0 asks that it be absent.</summary>
    public static KvCommand Guarding(this KvCommand batch, ReadOnlyMemory<byte> key, ulong revision)
    {
        batch.Guards.Add(new KvGuard { Key = Wrap(key), Revision = revision });
        return batch;
    }

    public static KvCommand OnlyIfAbsent(this KvCommand command) => command.With(KvCondition.Absent);

    public static KvCommand OnlyIfPresent(this KvCommand command) => command.With(KvCondition.Present);

    /// <param name="revision">The key's revision; 0 asks that the key be absent.</param>
    public static KvCommand OnlyIfRevision(this KvCommand command, ulong revision)
    {
        command.Revision = revision;
        return command.With(KvCondition.Revision);
    }

    /// <summary>Compare-and-set by value: an absent key equals no value, not even the empty one.</summary>
    public static KvCommand OnlyIfValue(this KvCommand command, ReadOnlyMemory<byte> expected)
    {
        command.Expected = Wrap(expected);
        return command.With(KvCondition.Value);
    }

    /// <param name="milliseconds">From the leader's clock; at least 1 for a put.</param>
    public static KvCommand ExpiringAfter(this KvCommand command, long milliseconds) => command.With(KvExpiry.After, milliseconds);

    public static KvCommand ExpiringAt(this KvCommand command, long unixMs) => command.With(KvExpiry.At, unixMs);

    public static KvCommand KeepingExpiry(this KvCommand command) => command.With(KvExpiry.Keep, 0);

    /// <summary>The previous value comes back with the reply (also when a condition failed).</summary>
    public static KvCommand ReturningPrevious(this KvCommand command)
    {
        command.ReturnValue = true;
        return command;
    }

    /// <summary>Whether the command can never change anything, so that it may be served as a read.</summary>
    public static bool IsRead(KvCommand command)
    {
        if (command.Op != KvOp.Batch)
        {
            return command.Op is KvOp.Get or KvOp.GetRange or KvOp.Scan or KvOp.Count or KvOp.RandomKey;
        }

        foreach (var operation in command.Operations)
        {
            if (!IsRead(operation))
            {
                return false;
            }
        }

        return true;
    }

    private static KvCommand With(this KvCommand command, KvCondition condition)
    {
        command.Condition = condition;
        return command;
    }

    private static KvCommand With(this KvCommand command, KvExpiry expiry, long milliseconds)
    {
        command.Expiry = expiry;
        command.ExpiryMs = milliseconds;
        return command;
    }

    private static ByteString Wrap(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(bytes);
}
