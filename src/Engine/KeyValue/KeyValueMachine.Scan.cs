using Cluster.Shared.KeyValue;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// Scans: keys with a prefix, after a key, in byte order, or those of one hash slot. Bounded in entries, in bytes, and in what is passed over: expired keys, and
/// keys of other slots.
/// </summary>
internal sealed partial class KeyValueMachine
{
    /// <summary>Most keys of other slots that one scan looks at: a millisecond's worth.</summary>
    private const int MaxOfOtherSlots = 10_000;

    private static readonly List<KeyValuePair<byte[], KvRecord?>> NoChanges = [];

    /// <summary>A scan of the applied state.</summary>
    /// <returns>Null when a key past its deadline was met and a decision is needed.</returns>
    private KvReply? ScanApplied(KvCommand command, long nowUnixMs, bool stale) => Scan(command, nowUnixMs, state.Keys, NoChanges, stale ? static _ => true : static _ => false);

    /// <summary>A scan of everything proposed so far; the expired keys it meets are expired by events.</summary>
    private KvReply ScanProposed(KvCommand command, KeyValueDraft draft) => Scan(command, draft.NowMs, overlay.IsCleared ? new Keyspace() : state.Keys, overlay.Under(command.Key.Span), record =>
    {
        draft.Expire(record);
        return true;
    })!;

    /// <param name="passOver">What to do with a key past its deadline; false: give the scan up.</param>
    private KvReply? Scan(KvCommand command, long nowUnixMs, Keyspace keys, List<KeyValuePair<byte[], KvRecord?>> changes, Func<KvRecord, bool> passOver)
    {
        var prefix = command.Key.Span;
        var after = command.After.Span;
        var scan = new KeyValueScan(keys, changes, after.SequenceCompareTo(prefix) > 0 ? after : prefix);
        var limit = command.Limit is 0 or > KvLimits.MaxScanEntries ? KvLimits.MaxScanEntries : (int)command.Limit;
        var reply = new KvReply();
        KvRecord? last = null;
        var (bytes, expired, elsewhere) = (0L, 0, 0);
        while (scan.Next() is { } record && record.Key.AsSpan().StartsWith(prefix))
        {
            if (!command.After.IsEmpty && record.Key.AsSpan().SequenceCompareTo(after) <= 0)
            {
                continue;
            }

            var size = record.Key.Length + (command.WithValues ? record.Value.Length : 0);
            if (reply.Entries.Count == limit || expired == MaxDueInOneDecision || elsewhere == MaxOfOtherSlots || (last is not null && bytes + size > KvLimits.MaxScanBytes))
            {
                reply.More = true;
                reply.ResumeAfter = KeyBytes.Wrap(last!.Key);
                return reply;
            }

            last = record;
            if (command.HasSlot && HashSlot.Of(record.Key) != command.Slot)
            {
                elsewhere++;
                continue;
            }

            bytes += size;
            if (!record.IsDue(nowUnixMs))
            {
                reply.Entries.Add(Entry(record, command.WithValues));
            }
            else if (passOver(record))
            {
                expired++;
            }
            else
            {
                return null;
            }
        }

        return reply;
    }

    private static KvEntry Entry(KvRecord record, bool withValue)
    {
        var entry = new KvEntry { Key = KeyBytes.Wrap(record.Key), Revision = record.Revision, ExpiresAtMs = record.ExpiresAtMs };
        if (withValue)
        {
            entry.Value = KeyBytes.Wrap(record.Value);
        }

        return entry;
    }
}
