using System.Globalization;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>The store in the plainest way: a sorted dictionary and the rules. What the machine must equal.</summary>
internal sealed class KeyValueModel
{
    /// <summary>Stands among the removed keys for all of them.</summary>
    private const string Everything = "*";

    private readonly SortedDictionary<string, (string Value, ulong Revision, long At)> keys;
    private readonly Dictionary<string, ulong> removed;
    private ulong revision;

    public KeyValueModel()
        : this([], [], 0)
    {
    }

    private KeyValueModel(SortedDictionary<string, (string, ulong, long)> keys, Dictionary<string, ulong> removed, ulong revision)
    {
        this.keys = new SortedDictionary<string, (string, ulong, long)>(keys, StringComparer.Ordinal);
        this.removed = new Dictionary<string, ulong>(removed);
        this.revision = revision;
    }

    public ulong Revision => revision;

    public KeyValueModel Clone() => new(keys, removed, revision);

    public KvReply Execute(KvCommand command, long now)
    {
        var key = command.Key.ToStringUtf8();
        if (command.Op is KvOp.Scan or KvOp.Count)
        {
            return command.Op == KvOp.Scan ? Scan(command, key, now) : Count(now);
        }

        if (command.Op == KvOp.Clear)
        {
            return Clear();
        }

        if (command.Op == KvOp.Batch)
        {
            return Batch(command, now);
        }

        Expire(key, now);
        var exists = keys.TryGetValue(key, out var old);
        if (command.Op == KvOp.Get)
        {
            return exists ? Describe(old, command.ReturnValue) : new KvReply { Status = KvStatus.NotFound };
        }

        if (command.Op is KvOp.Copy or KvOp.Rename)
        {
            return exists ? Copy(command, key, old, now) : new KvReply { Status = KvStatus.NotFound };
        }

        var holds = command.Condition switch
        {
            KvCondition.Absent => !exists,
            KvCondition.Present => exists,
            KvCondition.Revision => command.Revision == (exists ? old.Revision : 0),
            >= KvCondition.ExpiryAbsent => exists && HoldsOf(command.Condition, old.At, command.Expiry == KvExpiry.After ? now + command.ExpiryMs : command.ExpiryMs),
            KvCondition.Value => exists && old.Value == command.Expected.ToStringUtf8(),
            _ => true,
        };
        if (!holds)
        {
            var failed = exists ? Describe(old, command.ReturnValue) : new KvReply();
            failed.Status = KvStatus.ConditionFailed;
            return failed;
        }

        var reply = new KvReply();
        if (command.ReturnValue && exists)
        {
            (reply.HasValue, reply.Value) = (true, ByteString.CopyFromUtf8(old.Value));
        }

        var value = command.Value.ToStringUtf8();
        switch (command.Op)
        {
            case KvOp.Put:
                return Set(reply, key, value, command.Expiry switch { KvExpiry.After => now + command.ExpiryMs, KvExpiry.At => command.ExpiryMs, KvExpiry.Keep => old.At, _ => 0 });
            case KvOp.Append:
                reply.Number = (old.Value ?? "").Length + value.Length;
                return Set(reply, key, old.Value + value, old.At);
            case KvOp.SetRange:
                var start = (int)command.Start;
                var padded = (old.Value ?? "").PadRight(start, '\0');
                var patched = value.Length == 0 ? old.Value : padded[..start] + value + (padded.Length > start + value.Length ? padded[(start + value.Length)..] : "");
                reply.Number = patched?.Length ?? 0;
                (reply.Revision, reply.ExpiresAtMs) = (old.Revision, old.At);
                return value.Length == 0 ? reply : Set(reply, key, patched!, old.At);
            case KvOp.Increment:
                var isNumber = long.TryParse(old.Value ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
                if (!isNumber || number.ToString(CultureInfo.InvariantCulture) != (old.Value ?? "0"))
                {
                    return new KvReply { Status = KvStatus.NotAnInteger, Revision = old.Revision, ExpiresAtMs = old.At };
                }

                reply.Number = number + command.Delta;
                return Set(reply, key, reply.Number.ToString(CultureInfo.InvariantCulture), old.At);
        }

        if (!exists)
        {
            return new KvReply { Status = KvStatus.NotFound };
        }

        var at = command.Op == KvOp.Persist ? 0 : command.Expiry == KvExpiry.After ? now + command.ExpiryMs : command.ExpiryMs;
        if (command.Op == KvOp.Delete || (command.Op == KvOp.Expire && at <= now))
        {
            Remove(key);
            return reply;
        }

        if (command.Op == KvOp.Persist)
        {
            (reply.Number, reply.Revision) = (old.At == 0 ? 0 : 1, old.Revision);
        }

        return command.Op == KvOp.Persist && old.At == 0 ? reply : Set(reply, key, old.Value!, at);
    }

    /// <summary>Active expiry took these, and they must be due.</summary>
    public void Expire(List<string> due, long now) => Assert.All(due, key => Assert.True(Expire(key, now), $"{key} is not due"));

    public bool AnyDue(long now) => keys.Values.Any(record => record.At != 0 && record.At <= now);

    private static bool HoldsOf(KvCondition condition, long current, long next) => condition switch
    {
        KvCondition.ExpiryAbsent => current == 0,
        KvCondition.ExpiryPresent => current != 0,
        KvCondition.ExpiryLater => current != 0 && next > current,
        KvCondition.ExpirySooner => current == 0 || next < current,
        _ => current != 0 && next < current,
    };

    private KvReply Clear()
    {
        var reply = new KvReply { Number = keys.Count };
        if (keys.Count > 0)
        {
            keys.Clear();
            removed[Everything] = ++revision;
        }

        return reply;
    }

    private KvReply Count(long now)
    {
        keys.Keys.ToList().ForEach(key => Expire(key, now));
        return new KvReply { Number = keys.Count };
    }

    private KvReply Scan(KvCommand command, string prefix, long now)
    {
        var reply = new KvReply();
        var after = command.After.ToStringUtf8();
        var last = "";
        foreach (var (key, record) in keys.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && (after.Length == 0 || string.CompareOrdinal(pair.Key, after) > 0)).ToList())
        {
            if (command.Limit != 0 && reply.Entries.Count == command.Limit)
            {
                (reply.More, reply.ResumeAfter) = (true, ByteString.CopyFromUtf8(last));
                break;
            }

            last = key;
            if (!Expire(key, now))
            {
                reply.Entries.Add(new KvEntry { Key = ByteString.CopyFromUtf8(key), Value = command.WithValues ? ByteString.CopyFromUtf8(record.Value) : ByteString.Empty, Revision = record.Revision, ExpiresAtMs = record.At });
            }
        }

        return reply;
    }

    private bool Expire(string key, long now)
    {
        if (!keys.TryGetValue(key, out var record) || record.At == 0 || record.At > now)
        {
            return false;
        }

        return Remove(key);
    }

    private bool Remove(string key)
    {
        removed[key] = ++revision;
        return keys.Remove(key);
    }

    private KvReply Batch(KvCommand batch, long now)
    {
        var reply = new KvReply();
        if (batch.Guards.All(guard => Holds(guard, now)))
        {
            reply.Replies.Add(batch.Operations.Select(operation => Execute(operation, now)));
        }
        else
        {
            reply.Status = KvStatus.ConditionFailed;
        }

        reply.Revision = revision;
        return reply;
    }

    private bool Holds(KvGuard guard, long now)
    {
        var key = guard.Key.ToStringUtf8();
        if (!keys.TryGetValue(key, out var record))
        {
            return guard.Revision == 0 && !(guard.HasSeen && Math.Max(removed.GetValueOrDefault(key), removed.GetValueOrDefault(Everything)) > guard.Seen);
        }

        return record.At != 0 && record.At <= now ? guard.Revision == 0 && !guard.HasSeen : guard.Revision == record.Revision;
    }

    private KvReply Copy(KvCommand command, string source, (string Value, ulong Revision, long At) record, long now)
    {
        var target = command.Target.ToStringUtf8();
        Expire(target, now);
        if (command.Condition == KvCondition.Absent && keys.TryGetValue(target, out var there))
        {
            return new KvReply { Status = KvStatus.ConditionFailed, Revision = there.Revision, ExpiresAtMs = there.At };
        }

        if (source == target)
        {
            return new KvReply { Revision = record.Revision, ExpiresAtMs = record.At };
        }

        var reply = Set(new KvReply(), target, record.Value, record.At);
        if (command.Op == KvOp.Rename)
        {
            Remove(source);
        }

        return reply;
    }

    private KvReply Set(KvReply reply, string key, string value, long at)
    {
        keys[key] = (value, ++revision, at);
        (reply.Revision, reply.ExpiresAtMs) = (revision, at);
        return reply;
    }

    private static KvReply Describe((string Value, ulong Revision, long At) record, bool withValue) => new()
    {
        Revision = record.Revision,
        ExpiresAtMs = record.At,
        Number = record.Value.Length,
        HasValue = withValue,
        Value = withValue ? ByteString.CopyFromUtf8(record.Value) : ByteString.Empty,
    };
}
