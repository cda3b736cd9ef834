using System.Text;

namespace Cluster.Modes.LeaderFollower;

/// <summary>
/// The entries of one replica, in memory, and where each epoch begins. Positions count from 1. What is committed and long past is let go; the epochs are not, so that any two logs can be compared
/// (Kafka's leader epochs, KIP-101).
/// </summary>
internal sealed class ReplicaLog
{
    /// <summary>Committed entries that are kept for followers that were away; one that needs older ones gets a whole copy.</summary>
    public const int MostKept = 4_000;

    /// <summary>As <see cref="MostKept"/>, in bytes.</summary>
    public const long MostKeptBytes = 4 << 20;

    /// <summary>One message's entries: JSON makes up to six bytes of one, and a frame has 1 MiB.</summary>
    public const int BatchBytes = 128 * 1024;

    private readonly List<LogEntry> entries = [];
    private readonly List<EpochStart> epochs = [];
    private long bytes;

    /// <summary>Entries up to here have been let go.</summary>
    public long Base { get; private set; }

    public long End => Base + entries.Count;

    /// <summary>0 while it is empty.</summary>
    public long LastEpoch => epochs.Count == 0 ? 0 : epochs[^1].Epoch;

    public IReadOnlyList<EpochStart> Epochs => epochs;

    /// <summary>The epoch of an entry, let go or not; 0 for none.</summary>
    public long EpochAt(long position)
    {
        if (position < 1 || position > End)
        {
            return 0;
        }

        var index = epochs.Count - 1;
        while (index >= 0 && epochs[index].Position > position)
        {
            index--;
        }

        return index < 0 ? 0 : epochs[index].Epoch;
    }

    /// <summary>Where a leader should try next that has another epoch at that position: the last entry of an older epoch.</summary>
    public long BeforeEpochAt(long position) => epochs.FindLast(epoch => epoch.Position <= position) is { } start ? start.Position - 1 : 0;

    /// <summary>The entry; null where it was let go or has not come.</summary>
    public LogEntry? Find(long position) => position > Base && position <= End ? entries[(int)(position - Base - 1)] : null;

    /// <summary>The entries after a position, in order.</summary>
    public IEnumerable<LogEntry> After(long position) => entries.Skip((int)Math.Max(0, position - Base));

    /// <summary>As many entries after a position as go into one message; at least one, if there is one.</summary>
    public IReadOnlyList<LogEntry> Batch(long after)
    {
        var batch = new List<LogEntry>();
        var size = 0;
        for (var position = after + 1; Find(position) is { } entry; position++)
        {
            size += SizeOf(entry);
            if (batch.Count > 0 && size > BatchBytes)
            {
                break;
            }

            batch.Add(entry);
        }

        return batch;
    }

    /// <exception cref="InvalidOperationException">It is not the next one.</exception>
    public void Append(LogEntry entry)
    {
        if (entry.Position != End + 1)
        {
            throw new InvalidOperationException($"entry {entry.Position} cannot follow {End}");
        }

        if (entry.Epoch != LastEpoch)
        {
            epochs.Add(new EpochStart(entry.Epoch, entry.Position));
        }

        entries.Add(entry);
        bytes += SizeOf(entry);
    }

    /// <summary>Takes back everything after a position.</summary>
    /// <returns>What was taken back.</returns>
    public IReadOnlyList<LogEntry> Truncate(long after)
    {
        var first = (int)Math.Max(0, after - Base);
        if (first >= entries.Count)
        {
            return [];
        }

        var removed = entries[first..];
        entries.RemoveRange(first, removed.Count);
        epochs.RemoveAll(epoch => epoch.Position > End);
        bytes -= removed.Sum(SizeOf);
        return removed;
    }

    /// <summary>Lets committed entries go when there are too many: half of what is allowed stays, so that it is not done for each.</summary>
    public void Compact(long commit)
    {
        if (commit - Base <= MostKept && bytes <= MostKeptBytes)
        {
            return;
        }

        var drop = 0;
        while (Base + drop < commit && (commit - Base - drop > MostKept / 2 || bytes > MostKeptBytes / 2))
        {
            bytes -= SizeOf(entries[drop++]);
        }

        entries.RemoveRange(0, drop);
        Base += drop;
    }

    /// <summary>Begins anew after a whole copy.</summary>
    public void Reset(long position, IReadOnlyList<EpochStart> starts)
    {
        entries.Clear();
        epochs.Clear();
        epochs.AddRange(starts);
        (Base, bytes) = (position, 0);
    }

    private static int SizeOf(LogEntry entry) => 200 + Encoding.UTF8.GetByteCount(entry.Key ?? "") + Encoding.UTF8.GetByteCount(entry.Value ?? "");
}
