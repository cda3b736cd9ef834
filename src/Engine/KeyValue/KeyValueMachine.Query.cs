using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>Reads on applied state, and what is due by the clock.</summary>
internal sealed partial class KeyValueMachine
{
    /// <summary>Most keys one decision expires beside what it was asked: bounds its entry, and the time to apply it.</summary>
    private const int MaxDueInOneDecision = 1_000;

    /// <summary>Bytes of keys past which a decision expires no further one.</summary>
    private const int MaxDueBytes = 1024 * 1024;

    private readonly List<KvRecord> due = [];

    public ByteString Query(ByteString command, long nowUnixMs, bool stale, out bool needsDecision)
    {
        if (KeyValuePlainGet.TryRead(command.Span, out var key, out var returnValue))
        {
            var record = state.Keys.Find(key);
            var isDue = record is not null && record.IsDue(nowUnixMs);
            needsDecision = isDue && !stale;
            return KeyValuePlainGet.Reply(isDue ? null : record, returnValue);
        }

        needsDecision = false;
        if (!KeyValueRules.TryRead(command, out var parsed, out var refusal))
        {
            return refusal.ToBytes();
        }

        var reply = parsed.Op switch
        {
            KvOp.Get => Get(parsed, nowUnixMs, stale),
            KvOp.GetRange => GetRange(parsed, nowUnixMs, stale),
            KvOp.RandomKey => RandomKey(parsed, nowUnixMs),
            KvOp.Scan => ScanApplied(parsed, nowUnixMs, stale),
            KvOp.Count when parsed.HasSlot => new KvReply { Number = state.Slots.Count((int)parsed.Slot) },
            KvOp.Count => !stale && state.Expiry.AnyDue(nowUnixMs) ? null : new KvReply { Number = state.Keys.Count },
            KvOp.Batch when KvCommands.IsRead(parsed) => ReadBatch(parsed, nowUnixMs, stale),
            _ => stale ? KeyValueRules.Bad($"{parsed.Op} writes: it cannot be served stale") : null,
        };
        needsDecision = reply is null;
        return reply?.ToBytes() ?? ByteString.Empty;
    }

    /// <returns>Null when a decision is needed.</returns>
    private KvReply? Get(KvCommand command, long nowUnixMs, bool stale)
    {
        var record = state.Keys.Find(command.Key.Span);
        if (record is null || !record.IsDue(nowUnixMs))
        {
            return Describe(record, command.ReturnValue);
        }

        return stale ? Describe(null, withValue: false) : null;
    }

    /// <summary>Expires keys that are past their deadline on everything proposed so far.</summary>
    private void ExpireDue(KeyValueDraft draft, int max)
    {
        due.Clear();
        // Applied records with a change under way are passed over below: as many more are looked at.
        state.Expiry.CollectDue(draft.NowMs, max + overlay.Count, due);
        var applied = due.Count;
        overlay.CollectDue(draft.NowMs, due);
        var bytes = 0L;
        for (var i = 0; i < due.Count && max > 0 && bytes < MaxDueBytes; i++)
        {
            if (i < applied && overlay.TryFind(due[i].Key, out _))
            {
                continue;
            }

            draft.Expire(due[i]);
            bytes += due[i].Key.Length;
            max--;
        }

        due.Clear();
    }
}
