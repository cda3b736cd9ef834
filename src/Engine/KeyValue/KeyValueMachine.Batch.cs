using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// Batches: several operations at one instant, with one clock and one log entry. If all guards hold each operation is carried out on what those before it left,
/// and one that fails (a number that is none) fails alone, as in a Redis transaction; if one does not, nothing is.
/// </summary>
internal sealed partial class KeyValueMachine
{
    /// <summary>Bytes of values that one batch may make by growing or patching them: thousands of appends to one large value would hold up every shard of the node.</summary>
    private const long MaxAppendedBytes = 64L * 1024 * 1024;

    private KvReply DecideBatch(KvCommand batch, KeyValueDraft draft)
    {
        draft.TrackKeys();
        foreach (var guard in batch.Guards)
        {
            if (!Holds(guard, Proposed(guard.Key.Span, draft), draft))
            {
                return new KvReply { Status = KvStatus.ConditionFailed, Revision = draft.Revision };
            }
        }

        var reply = new KvReply();
        var (answered, appended) = (0L, 0L);
        foreach (var operation in batch.Operations)
        {
            var one = Decide(operation, draft);
            answered += AnsweredBytes(one);
            appended += operation.Op is KvOp.Append or KvOp.SetRange ? one.Number : 0;
            if (one.Status == KvStatus.TooLarge && operation.Op == KvOp.Batch)
            {
                return one;
            }

            if (answered > KvLimits.MaxBatchBytes || draft.EventBytes > KvLimits.MaxBatchBytes || appended > MaxAppendedBytes)
            {
                return TooMuch();
            }

            reply.Replies.Add(one);
        }

        reply.Revision = draft.Revision;
        return reply;
    }

    /// <summary>The reads of a batch on applied state.</summary>
    /// <returns>Null when a decision is needed.</returns>
    private KvReply? ReadBatch(KvCommand batch, long nowUnixMs, bool stale)
    {
        foreach (var guard in batch.Guards)
        {
            if (!Holds(guard, state.Keys.Find(guard.Key.Span), nowUnixMs))
            {
                return new KvReply { Status = KvStatus.ConditionFailed, Revision = state.Revision };
            }
        }

        var reply = new KvReply { Revision = state.Revision };
        var answered = 0L;
        foreach (var operation in batch.Operations)
        {
            var one = operation.Op == KvOp.Batch ? ReadBatch(operation, nowUnixMs, stale) : operation.Op == KvOp.GetRange ? GetRange(operation, nowUnixMs, stale) : Get(operation, nowUnixMs, stale);
            if (one is null || (one.Status == KvStatus.TooLarge && operation.Op == KvOp.Batch))
            {
                return one;
            }

            answered += AnsweredBytes(one);
            if (answered > KvLimits.MaxBatchBytes)
            {
                return TooMuch();
            }

            reply.Replies.Add(one);
        }

        return reply;
    }

    /// <summary>A guard on everything proposed so far, drafted events among them.</summary>
    private bool Holds(KvGuard guard, KvRecord? record, KeyValueDraft draft)
    {
        if (record is not null || !guard.HasSeen)
        {
            return Holds(guard, record, draft.NowMs);
        }

        // A change under way that leaves no record is a removal after any revision that a caller can have seen.
        var key = guard.Key.Span;
        return !draft.TryFind(key, out _) && !overlay.TryFind(key, out _) && Holds(guard, record, draft.NowMs);
    }

    /// <summary>A guard on applied state. A key past its deadline has changed, though nobody has said so yet: it was there when it was looked at, or came since.</summary>
    private bool Holds(KvGuard guard, KvRecord? record, long nowUnixMs)
    {
        if (record is not null)
        {
            return record.IsDue(nowUnixMs) ? guard is { Revision: 0, HasSeen: false } : record.Revision == guard.Revision;
        }

        return guard.Revision == 0 && !(guard.HasSeen && state.Removals.MayHaveGone(guard.Key.Span, guard.Seen));
    }

    private KvReply Copy(KvCommand command, KeyValueDraft draft)
    {
        var source = Current(command.Key.Span, draft);
        if (source is null)
        {
            return new KvReply { Status = KvStatus.NotFound };
        }

        var target = Current(command.Target.Span, draft);
        if (command.Condition == KvCondition.Absent && target is not null)
        {
            return new KvReply { Status = KvStatus.ConditionFailed, Revision = target.Revision, ExpiresAtMs = target.ExpiresAtMs };
        }

        if (source == target)
        {
            return new KvReply { Revision = source.Revision, ExpiresAtMs = source.ExpiresAtMs };
        }

        var put = draft.Put(target, KeyBytes.ArrayOf(command.Target), source.Value, source.ExpiresAtMs);
        if (command.Op == KvOp.Rename)
        {
            draft.Delete(source);
        }

        return Done(put, command, old: null);
    }

    private static long AnsweredBytes(KvReply reply)
    {
        var bytes = (long)reply.Value.Length;
        foreach (var inner in reply.Replies)
        {
            bytes += inner.Value.Length;
        }

        return bytes;
    }

    private static KvReply TooMuch() => new()
    {
        Status = KvStatus.TooLarge,
        Detail = $"the batch would answer with or change more than the {KvLimits.MaxBatchBytes} bytes that are taken at once; nothing of it took effect",
    };
}
