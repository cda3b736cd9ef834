using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <content>What time and size alone do: the leader decides it, the log carries it, so every replica loses the same records at the same place.</content>
internal sealed partial class LogMachine
{
    public bool TryDecideDue(long nowUnixMs, int max, out MachineDecision decision)
    {
        foreach (var partition in partitions.Values)
        {
            if (DueOf(partition, nowUnixMs) is { } due)
            {
                var heads = new Dictionary<string, PartitionHead>(StringComparer.Ordinal) { [partition.Name] = partition.Expected.After(due) };
                decision = MachineDecision.Changed(new LogEvent { Changes = { due } }.ToBytes(), ByteString.Empty, heads);
                return true;
            }
        }

        decision = default;
        return false;
    }

    /// <summary>One thing at a time: where something is proposed, its turn comes when that is applied.</summary>
    private static LogChange? DueOf(Partition partition, long nowMs) => partition.ProposedIndex > 0 && partition.Expected.Start != partition.Applied.Start ? null
        : partition.Applied.Settings.Cleanup switch
        {
            LogCleanup.Delete => TrimOf(partition, nowMs),
            LogCleanup.Compact => CleanOf(partition, nowMs),
            _ => null,
        };

    /// <summary>Whole batches go, the oldest first; never the newest, so that a partition at rest shows what came last.</summary>
    private static LogChange? TrimOf(Partition partition, long nowMs)
    {
        var head = partition.Applied;
        var (bytes, start) = (head.Bytes, head.Start);
        for (var at = 0; at < partition.Batches.Count - 1; at++)
        {
            var batch = partition.Batches[at];
            var isOld = head.Settings.RetentionMs > 0 && batch.AtMs < nowMs - head.Settings.RetentionMs;
            if (!isOld && bytes <= head.RetentionBytes)
            {
                break;
            }

            (bytes, start) = (bytes - batch.Bytes.Length, batch.Last + 1);
        }

        return start == head.Start ? null : new LogChange { Partition = partition.Name, Trimmed = new LogTrimmed { Start = start } };
    }

    private static LogChange? CleanOf(Partition partition, long nowMs)
    {
        var (head, expected) = (partition.Applied, partition.Expected);
        if (expected.CleanNext != head.CleanNext || expected.CleanedTo != head.CleanedTo)
        {
            return null;
        }

        if (!head.IsCleaning && !IsHalfDirty(partition) && !IsPressed(partition, nowMs))
        {
            return null;
        }

        var (from, until) = head.IsCleaning ? (head.CleanNext, head.CleanUntil) : (head.Start, head.End);
        var first = partition.Find(from);
        var last = Math.Min(first + LogBounds.CleanedBatches, partition.Batches.Count) - 1;
        var to = last < first || partition.Batches[last].Last + 1 >= until ? until : partition.Batches[last].Last + 1;
        return new LogChange
        {
            Partition = partition.Name,
            Cleaned = new LogCleaned { From = from, To = to, Until = until, TombstonesBeforeMs = head.TombstonesBefore(nowMs) },
        };
    }

    private static bool IsHalfDirty(Partition partition) => partition.DirtyBytes >= LogBounds.CleanFromBytes && partition.DirtyBytes * 2 >= partition.Applied.Bytes;

    /// <summary>Soon an append may find no room, and there is room to be made: without the second, a partition full of what its keys are would be compacted for ever.</summary>
    private static bool IsPressed(Partition partition, long nowMs)
    {
        var (bytes, bound) = (partition.Applied.Bytes, partition.Applied.RetentionBytes);
        return bytes > Math.Min(bound - (bound / 4), bound - LogBounds.MaxBatchBytes) && partition.GarbageBytes(nowMs) >= bound / LogBounds.PressedShare;
    }
}
