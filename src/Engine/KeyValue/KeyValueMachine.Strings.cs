using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// The store's less common commands: parts of values, decimal numbers, lives under conditions, all keys and any key. Each is decided in one step on the leader,
/// so none can lose another's write.
/// </summary>
internal sealed partial class KeyValueMachine
{
    /// <summary>Keys past their deadline that the search for a random key steps over before it gives up; Redis's own number.</summary>
    private const int MaxRandomTries = 100;

    /// <returns>Null when a decision is needed.</returns>
    private KvReply? GetRange(KvCommand command, long nowUnixMs, bool stale)
    {
        var record = state.Keys.Find(command.Key.Span);
        var isDue = record is not null && record.IsDue(nowUnixMs);
        return isDue && !stale ? null : Range(isDue ? null : record, command);
    }

    /// <summary>Part of a value, counted as Redis counts: both ends included, negative from the end, and what lies outside is left out.</summary>
    private static KvReply Range(KvRecord? record, KvCommand command)
    {
        var reply = Describe(record, withValue: false);
        if (record is null)
        {
            return reply;
        }

        var length = record.Value.Length;
        var start = Math.Max(0, command.Start < 0 ? length + command.Start : command.Start);
        var end = Math.Min(length - 1, Math.Max(0, command.End < 0 ? length + command.End : command.End));
        var isEmpty = start > end || (command.Start < 0 && command.End < 0 && command.Start > command.End);
        reply.HasValue = true;
        reply.Value = isEmpty ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(record.Value.AsMemory((int)start, (int)(end - start + 1)));
        return reply;
    }

    private static KvReply SetRange(KvCommand command, KvRecord? old, KeyValueDraft draft)
    {
        if (command.Value.IsEmpty)
        {
            var unchanged = Describe(old, command.ReturnValue);
            unchanged.Status = KvStatus.Ok;
            return unchanged;
        }

        var length = command.Start + command.Value.Length;
        if (length > KvLimits.MaxValueBytes)
        {
            return KeyValueRules.ValueTooLarge(length);
        }

        var bytes = KeyBytes.ArrayOf(command.Value);
        var record = old is null
            ? draft.Put(null, KeyBytes.ArrayOf(command.Key), KeyValueDraft.Patched([], bytes, (int)command.Start), 0)
            : draft.Patch(old, bytes, (int)command.Start);
        var reply = Done(record, command, old);
        reply.Number = record.Value.Length;
        return reply;
    }

    /// <summary>The sum is decided here, once, and logged as a value: no replica computes it again.</summary>
    private static KvReply IncrementFloat(KvCommand command, KvRecord? old, KeyValueDraft draft)
    {
        var number = LongDouble.Zero;
        if ((old is not null && !LongDouble.TryParse(old.Value, out number)) || !LongDouble.TryParse(command.Value.Span, out var delta))
        {
            return new KvReply { Status = KvStatus.NotAFloat, Revision = old?.Revision ?? 0, ExpiresAtMs = old?.ExpiresAtMs ?? 0 };
        }

        var sum = number + delta;
        if (!sum.IsFinite)
        {
            return new KvReply { Status = KvStatus.NotFinite, Revision = old?.Revision ?? 0, ExpiresAtMs = old?.ExpiresAtMs ?? 0 };
        }

        var text = sum.Format();
        var reply = Done(draft.Put(old, KeyBytes.ArrayOf(command.Key), text, old?.ExpiresAtMs ?? 0), command, old: null);
        reply.HasValue = true;
        reply.Value = KeyBytes.Wrap(text);
        return reply;
    }

    private static bool ExpiryHolds(KvCommand command, long current, long nowUnixMs)
    {
        if (!KeyValueRules.TryDeadline(command, current, nowUnixMs, out var next))
        {
            return true; // Refused further on, for its time.
        }

        return command.Condition switch
        {
            KvCondition.ExpiryAbsent => current == 0,
            KvCondition.ExpiryPresent => current != 0,
            KvCondition.ExpiryLater => current != 0 && next > current,
            KvCondition.ExpirySooner => current == 0 || next < current,
            _ => current != 0 && next < current,
        };
    }

    private static KvReply Clear(KeyValueDraft draft)
    {
        var reply = new KvReply { Number = draft.KeyCount };
        if (draft.KeyCount > 0)
        {
            draft.Clear();
        }

        return reply;
    }

    /// <summary>Some key of the applied state that is not past its deadline; not found when so many tries met none.</summary>
    private KvReply RandomKey(KvCommand command, long nowUnixMs)
    {
        var random = (ulong)command.Start;
        for (var i = 0; i < MaxRandomTries; i++, random = Sharding.StateDigest.Join(random, 1))
        {
            if (state.Keys.Pick(random) is not { } record)
            {
                break;
            }

            if (!record.IsDue(nowUnixMs))
            {
                return new KvReply { Entries = { Entry(record, withValue: false) } };
            }
        }

        return new KvReply { Status = KvStatus.NotFound };
    }
}
