using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>What each command comes to on the leader: events into the draft, and the reply that goes with them.</summary>
internal sealed partial class KeyValueMachine
{
    private KvReply Decide(KvCommand command, KeyValueDraft draft)
    {
        switch (command.Op)
        {
            case KvOp.Scan:
                return ScanProposed(command, draft);
            case KvOp.Count when command.HasSlot:
                return new KvReply { Number = state.Slots.Count((int)command.Slot) };
            case KvOp.Count:
                ExpireDue(draft, MaxDueInOneDecision);
                return new KvReply { Number = draft.KeyCount };
            case KvOp.Clear:
                return Clear(draft);
            case KvOp.RandomKey:
                return RandomKey(command, draft.NowMs);
            case KvOp.Batch:
                return DecideBatch(command, draft);
            case KvOp.Copy or KvOp.Rename:
                return Copy(command, draft);
        }

        var old = Current(command.Key.Span, draft);
        if (command.Op == KvOp.Get)
        {
            return Describe(old, command.ReturnValue);
        }

        if (command.Op == KvOp.GetRange)
        {
            return Range(old, command);
        }

        if (!Holds(command, old, draft.NowMs))
        {
            var failed = Describe(old, command.ReturnValue);
            failed.Status = KvStatus.ConditionFailed;
            return failed;
        }

        return command.Op switch
        {
            KvOp.Put => Put(command, old, draft),
            KvOp.Increment => Increment(command, old, draft),
            KvOp.Append => Append(command, old, draft),
            KvOp.SetRange => SetRange(command, old, draft),
            KvOp.IncrementFloat => IncrementFloat(command, old, draft),
            _ when old is null => new KvReply { Status = KvStatus.NotFound },
            KvOp.Delete => Delete(command, old, draft),
            KvOp.Expire => Expire(command, old, draft),
            KvOp.Persist => Persist(command, old, draft),
            _ => KeyValueRules.Bad($"operation {(int)command.Op} is unknown"),
        };
    }

    /// <summary>The key's record on everything proposed so far. One past its deadline is expired on the way, and is none.</summary>
    private KvRecord? Current(ReadOnlySpan<byte> key, KeyValueDraft draft)
    {
        var record = Proposed(key, draft);
        if (record is null || !record.IsDue(draft.NowMs))
        {
            return record;
        }

        draft.Expire(record);
        return null;
    }

    /// <summary>The same, whatever its deadline.</summary>
    private KvRecord? Proposed(ReadOnlySpan<byte> key, KeyValueDraft draft) =>
        draft.TryFind(key, out var record) || overlay.TryFind(key, out record) ? record : state.Keys.Find(key);

    private static bool Holds(KvCommand command, KvRecord? old, long nowUnixMs) => command.Condition switch
    {
        KvCondition.Absent => old is null,
        KvCondition.Present => old is not null,
        KvCondition.Revision => (old?.Revision ?? 0) == command.Revision,
        KvCondition.Value => old is not null && old.Value.AsSpan().SequenceEqual(command.Expected.Span),
        >= KvCondition.ExpiryAbsent => old is not null && ExpiryHolds(command, old.ExpiresAtMs, nowUnixMs),
        _ => true,
    };

    private static KvReply Put(KvCommand command, KvRecord? old, KeyValueDraft draft)
    {
        if (!KeyValueRules.TryDeadline(command, old?.ExpiresAtMs ?? 0, draft.NowMs, out var deadline))
        {
            return InvalidTime(command);
        }

        return Done(draft.Put(old, KeyBytes.ArrayOf(command.Key), KeyBytes.ArrayOf(command.Value), deadline), command, old);
    }

    private static KvReply Increment(KvCommand command, KvRecord? old, KeyValueDraft draft)
    {
        var number = 0L;
        if (old is not null && !KvInteger.TryParse(old.Value, out number))
        {
            return new KvReply { Status = KvStatus.NotAnInteger, Revision = old.Revision, ExpiresAtMs = old.ExpiresAtMs };
        }

        var sum = unchecked(number + command.Delta);
        // Overflow shows in the sign: both summands have one, the sum the other.
        if (((number ^ sum) & (command.Delta ^ sum)) < 0)
        {
            return new KvReply { Status = KvStatus.Overflow, Number = number, Revision = old?.Revision ?? 0, ExpiresAtMs = old?.ExpiresAtMs ?? 0 };
        }

        var reply = Done(draft.Put(old, KeyBytes.ArrayOf(command.Key), KvInteger.Format(sum), old?.ExpiresAtMs ?? 0), command, old);
        reply.Number = sum;
        return reply;
    }

    private static KvReply Append(KvCommand command, KvRecord? old, KeyValueDraft draft)
    {
        var length = (old?.Value.Length ?? 0) + (long)command.Value.Length;
        if (length > KvLimits.MaxValueBytes)
        {
            return KeyValueRules.ValueTooLarge(length);
        }

        var suffix = KeyBytes.ArrayOf(command.Value);
        var record = old is null ? draft.Put(null, KeyBytes.ArrayOf(command.Key), suffix, 0) : draft.Append(old, suffix);
        var reply = Done(record, command, old);
        reply.Number = length;
        return reply;
    }

    private static KvReply Delete(KvCommand command, KvRecord old, KeyValueDraft draft)
    {
        draft.Delete(old);
        return Done(null, command, old);
    }

    private static KvReply Expire(KvCommand command, KvRecord old, KeyValueDraft draft)
    {
        if (!KeyValueRules.TryDeadline(command, old.ExpiresAtMs, draft.NowMs, out var deadline))
        {
            return InvalidTime(command);
        }

        if (deadline <= draft.NowMs)
        {
            return Delete(command, old, draft);
        }

        return Done(draft.SetExpiry(old, deadline), command, old);
    }

    private static KvReply Persist(KvCommand command, KvRecord old, KeyValueDraft draft)
    {
        var reply = Done(old.ExpiresAtMs == 0 ? old : draft.SetExpiry(old, 0), command, old);
        reply.Number = old.ExpiresAtMs == 0 ? 0 : 1;
        return reply;
    }

    private static KvReply InvalidTime(KvCommand command) => KeyValueRules.Bad($"invalid expire time {command.ExpiryMs}: it lies past the end of time");

    /// <summary>A write that took effect: what stands there now, and the previous value if it was asked for.</summary>
    private static KvReply Done(KvRecord? now, KvCommand command, KvRecord? old)
    {
        var reply = new KvReply { Revision = now?.Revision ?? 0, ExpiresAtMs = now?.ExpiresAtMs ?? 0 };
        if (command.ReturnValue && old is not null)
        {
            reply.HasValue = true;
            reply.Value = KeyBytes.Wrap(old.Value);
        }

        return reply;
    }

    /// <summary>What stands there: a read's reply.</summary>
    private static KvReply Describe(KvRecord? record, bool withValue)
    {
        if (record is null)
        {
            return new KvReply { Status = KvStatus.NotFound };
        }

        var reply = new KvReply { Revision = record.Revision, ExpiresAtMs = record.ExpiresAtMs, Number = record.Value.Length };
        if (withValue)
        {
            reply.HasValue = true;
            reply.Value = KeyBytes.Wrap(record.Value);
        }

        return reply;
    }
}
