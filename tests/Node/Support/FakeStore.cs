using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Node.Tests.Support;

/// <summary>
/// The store in one dictionary a shard, with the semantics that the engine's store documents (keyvalue.proto). A test can hold commands back, answer in any
/// order, and make it fail.
/// </summary>
internal sealed class FakeStore(TimeProvider time, int shards = 4) : IKeyValueClient
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<byte[], Entry>[] data = [.. Enumerable.Range(0, shards).Select(_ => new SortedDictionary<byte[], Entry>(ByteOrder.Instance))];
    private readonly Dictionary<RequestIdentity, KvReply> remembered = [];
    private readonly Dictionary<ByteString, ulong> removed = [];
    private ulong revision;

    public int ShardCount { get; set; } = shards;

    /// <summary>Every command in the order of its call.</summary>
    public List<KvCommand> Calls { get; } = [];

    public List<ReadConsistency> Consistencies { get; } = [];

    /// <summary>Entries that a shard stops a scan after, whatever is asked for: the real store's answers are bounded in bytes.</summary>
    public Func<int, uint>? ScanBound { get; set; }

    /// <summary>Decides on a command before the dictionary does; null lets it through.</summary>
    public Func<KvCommand, Task<ClusterError?>>? Before { get; set; }

    public ValueTask<KvResult> ExecuteAsync(KvCommand command, ReadConsistency consistency, RequestIdentity session, CancellationToken cancellation)
    {
        lock (gate)
        {
            Calls.Add(command);
            Consistencies.Add(consistency);
        }

        if (command.Key.Length > KvLimits.MaxKeyBytes)
        {
            return ValueTask.FromResult<KvResult>(new ClusterError(ErrorCode.BadRequest, $"the key is {command.Key.Length} bytes long; the limit is {KvLimits.MaxKeyBytes}"));
        }

        return Before is null ? ValueTask.FromResult<KvResult>(Apply(command, session)) : HeldAsync(command, session, cancellation);
    }

    public ValueTask<KvResult> ExecuteOnShardAsync(int shardIndex, KvCommand command, ReadConsistency consistency, CancellationToken cancellation)
    {
        lock (gate)
        {
            Calls.Add(command);
            Consistencies.Add(consistency);
            var shard = data[shardIndex];
            if (command.Op == KvOp.Count)
            {
                return ValueTask.FromResult<KvResult>(new KvReply { Number = shard.Values.Count(Alive) });
            }

            var limit = (int)Math.Min(command.Limit, ScanBound?.Invoke(shardIndex) ?? int.MaxValue);
            var found = shard
                .Where(pair => Alive(pair.Value) && pair.Key.AsSpan().StartsWith(command.Key.Span) && pair.Key.AsSpan().SequenceCompareTo(command.After.Span) > 0)
                .Take(limit + 1)
                .ToArray();
            var reply = new KvReply { More = found.Length > limit };
            if (reply.More)
            {
                reply.ResumeAfter = ByteString.CopyFrom(found[limit - 1].Key);
            }

            reply.Entries.AddRange(found.Take(limit).Select(pair => new KvEntry
            {
                Key = ByteString.CopyFrom(pair.Key),
                Revision = pair.Value.Revision,
                ExpiresAtMs = pair.Value.ExpiresAtMs,
            }));
            return ValueTask.FromResult<KvResult>(reply);
        }
    }

    private async ValueTask<KvResult> HeldAsync(KvCommand command, RequestIdentity session, CancellationToken cancellation) =>
        await Before!(command).WaitAsync(cancellation) is { } error ? error : Apply(command, session);

    private KvReply Apply(KvCommand command, RequestIdentity session)
    {
        lock (gate)
        {
            if (!session.IsNone && remembered.TryGetValue(session, out var again))
            {
                return again;
            }

            var reply = Apply(command);
            if (!session.IsNone)
            {
                remembered[session] = reply;
            }

            return reply;
        }
    }

    private KvReply Apply(KvCommand command)
    {
        if (command.Op == KvOp.Batch)
        {
            return Batch(command);
        }

        if (command.Op is KvOp.Copy or KvOp.Rename)
        {
            return Copy(command);
        }

        var key = command.Key.ToByteArray();
        var shard = data[(uint)new ByteStringHash(key).Value % (uint)data.Length];
        var current = shard.TryGetValue(key, out var found) && Alive(found) ? found : null;
        if (command.Op == KvOp.Get)
        {
            return Describe(current, command.ReturnValue);
        }

        if (!Holds(command, current))
        {
            var refused = Describe(current, command.ReturnValue);
            refused.Status = KvStatus.ConditionFailed;
            return refused;
        }

        switch (command.Op)
        {
            case KvOp.Put:
                if (command.Value.Length > KvLimits.MaxValueBytes)
                {
                    return new KvReply { Status = KvStatus.TooLarge, Detail = $"the value is {command.Value.Length} bytes long; the limit is {KvLimits.MaxValueBytes}" };
                }

                return Store(shard, key, command.Value, ExpiryOf(command, current), current, command.ReturnValue);
            case KvOp.Delete:
                if (shard.Remove(key))
                {
                    removed[command.Key] = ++revision;
                }

                var deleted = Describe(current, command.ReturnValue);
                deleted.Revision = 0;
                return deleted;
            case KvOp.Increment:
                var text = current?.Value.ToStringUtf8() ?? "0";
                if (!long.TryParse(text, out var number))
                {
                    return new KvReply { Status = KvStatus.NotAnInteger };
                }

                if ((command.Delta > 0 && number > long.MaxValue - command.Delta) || (command.Delta < 0 && number < long.MinValue - command.Delta))
                {
                    return new KvReply { Status = KvStatus.Overflow };
                }

                var sum = Store(shard, key, ByteString.CopyFromUtf8((number + command.Delta).ToString()), current?.ExpiresAtMs ?? 0, current, false);
                sum.Number = number + command.Delta;
                return sum;
            case KvOp.Append:
                var appended = ByteString.CopyFrom([.. current?.Value.ToByteArray() ?? [], .. command.Value.ToByteArray()]);
                var length = Store(shard, key, appended, current?.ExpiresAtMs ?? 0, current, false);
                length.Number = appended.Length;
                return length;
            case KvOp.Expire or KvOp.Persist when current is null:
                return new KvReply { Status = KvStatus.NotFound };
            case KvOp.Expire:
                return Store(shard, key, current.Value, ExpiryOf(command, current), current, false);
            case KvOp.Persist:
                var persisted = Store(shard, key, current.Value, 0, current, false);
                persisted.Number = current.ExpiresAtMs == 0 ? 0 : 1;
                return persisted;
            default:
                return new KvReply { Status = KvStatus.BadCommand, Detail = $"{command.Op} is not a command on a key" };
        }
    }

    private KvReply Batch(KvCommand batch)
    {
        var reply = new KvReply { Status = batch.Guards.All(Holds) ? KvStatus.Ok : KvStatus.ConditionFailed };
        if (reply.Status == KvStatus.Ok)
        {
            reply.Replies.Add(batch.Operations.Select(Apply));
        }

        reply.Revision = revision;
        return reply;
    }

    private bool Holds(KvGuard guard)
    {
        var found = Apply(new KvCommand { Op = KvOp.Get, Key = guard.Key }).Revision;
        return found == guard.Revision && !(guard.HasSeen && found == 0 && removed.GetValueOrDefault(guard.Key) > guard.Seen);
    }

    private KvReply Copy(KvCommand command)
    {
        var source = Apply(new KvCommand { Op = KvOp.Get, Key = command.Key, ReturnValue = true });
        if (source.Status != KvStatus.Ok || command.Key.Equals(command.Target))
        {
            source.Status = source.Status == KvStatus.Ok && command.Condition == KvCondition.Absent ? KvStatus.ConditionFailed : source.Status;
            return source;
        }

        var put = new KvCommand { Op = KvOp.Put, Key = command.Target, Value = source.Value, Condition = command.Condition };
        (put.Expiry, put.ExpiryMs) = source.ExpiresAtMs == 0 ? (KvExpiry.None, 0) : (KvExpiry.At, source.ExpiresAtMs);
        var reply = Apply(put);
        if (command.Op == KvOp.Rename && reply.Status == KvStatus.Ok)
        {
            Apply(new KvCommand { Op = KvOp.Delete, Key = command.Key });
        }

        return reply;
    }

    private KvReply Store(SortedDictionary<byte[], Entry> shard, byte[] key, ByteString value, long expiresAtMs, Entry? previous, bool returnValue)
    {
        shard[key] = new Entry(value, ++revision, expiresAtMs);
        var reply = new KvReply { Revision = revision, ExpiresAtMs = expiresAtMs };
        if (returnValue && previous is not null)
        {
            reply.HasValue = true;
            reply.Value = previous.Value;
        }

        return reply;
    }

    private long ExpiryOf(KvCommand command, Entry? current) => command.Expiry switch
    {
        KvExpiry.Keep => current?.ExpiresAtMs ?? 0,
        KvExpiry.After => Now + command.ExpiryMs,
        KvExpiry.At => command.ExpiryMs,
        _ => 0,
    };

    private static bool Holds(KvCommand command, Entry? current) => command.Condition switch
    {
        KvCondition.Absent => current is null,
        KvCondition.Present => current is not null,
        KvCondition.Revision => (current?.Revision ?? 0) == command.Revision,
        KvCondition.Value => current is not null && current.Value.Equals(command.Expected),
        _ => true,
    };

    private static KvReply Describe(Entry? entry, bool withValue)
    {
        if (entry is null)
        {
            return new KvReply { Status = KvStatus.NotFound };
        }

        var reply = new KvReply { Revision = entry.Revision, ExpiresAtMs = entry.ExpiresAtMs, Number = entry.Value.Length };
        if (withValue)
        {
            reply.HasValue = true;
            reply.Value = entry.Value;
        }

        return reply;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool Alive(Entry entry) => entry.ExpiresAtMs == 0 || entry.ExpiresAtMs > Now;

    private sealed record Entry(ByteString Value, ulong Revision, long ExpiresAtMs);

    private readonly struct ByteStringHash(byte[] key)
    {
        public int Value { get; } = key.Aggregate(17, static (hash, single) => (hash * 31) + single);
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
