namespace Cluster.Engine.Storage;

/// <summary>Opening: reads every segment, tells a crash from damage, and goes on where the last durable batch ended.</summary>
public sealed partial class WriteAheadLog
{
    /// <summary>Opens the log of a data directory, or makes it.</summary>
    /// <param name="node">The data directory's uid, see <see cref="DataDirectory"/>.</param>
    /// <param name="mustExist">The node was a member before: that it has no log means its disk was emptied, and it must not vote as if it had never voted.</param>
    /// <exception cref="StorageCorruptException">What is there is not what was acknowledged.</exception>
    /// <exception cref="StorageRefusedException">It is another node's log, or of another format.</exception>
    /// <exception cref="DiskFullException">No room for the first segment.</exception>
    public static WalOpening Open(IDisk disk, WalOptions options, Guid node, bool mustExist = false)
    {
        options.Validated();
        disk.CreateFolder(options.Folder);
        var numbers = FindSegments(disk, options.Folder);
        if (numbers.Count == 0)
        {
            return mustExist
                ? throw new StorageCorruptException(disk.PathOf(options.Folder), 0, "this node was a member of a cluster, but its write-ahead log is gone")
                : Create(disk, options, node);
        }

        var replay = new WalReplay(options);
        var reader = new WalSegmentReader(disk, options.Folder, node, replay);
        for (var i = 0; i < numbers.Count; i++)
        {
            reader.Read(numbers[i], isLast: i == numbers.Count - 1);
        }

        var (live, recovered) = replay.Finish(disk.PathOf(options.Folder));
        var log = new WriteAheadLog(disk, options, node, live);
        log.Continue(reader);
        long entries = 0;
        foreach (var group in recovered)
        {
            entries += group.Entries.Count;
        }

        return new WalOpening(log, recovered, new WalRecovery(false, numbers.Count, replay.Batches, replay.Records, entries, log.TotalBytes, reader.TornTail));
    }

    /// <summary>The numbers of the segments there, in order and without a hole; what was being written aside is removed.</summary>
    private static List<ulong> FindSegments(IDisk disk, string folder)
    {
        var numbers = new List<ulong>();
        foreach (var entry in disk.List(folder))
        {
            if (entry.Name.EndsWith(WalSegmentHeader.AsideSuffix, StringComparison.Ordinal))
            {
                disk.Delete(entry.Name);
            }
            else if (WalSegmentHeader.TryParseName(entry.Name, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        for (var i = 1; i < numbers.Count; i++)
        {
            if (numbers[i] != numbers[i - 1] + 1)
            {
                throw new StorageCorruptException(disk.PathOf(WalSegmentHeader.NameOf(folder, numbers[i - 1] + 1)), 0, "the segment is missing, older and newer ones are there");
            }
        }

        return numbers;
    }

    private static WalOpening Create(IDisk disk, WalOptions options, Guid node)
    {
        var log = new WriteAheadLog(disk, options, node, []);
        log.WriteIntoNewSegment();
        log.sequence++;
        log.endsWithCloseMark = true;
        return new WalOpening(log, [], new WalRecovery(true, 1, 1, 0, 0, log.TotalBytes, null));
    }

    /// <summary>
    /// A process that was killed between a write and its flush, or that ended because the flush failed, leaves a batch that reads like any other and counts from here on:
    /// first it must be durable. It is written again, because after a failed flush the kernel takes its pages for clean, and a flush alone writes nothing (Rebello et
    /// al. 2020, "Can Applications Recover from fsync Failures?", 3).
    /// </summary>
    private void MakeLastDurable(long start)
    {
        var batch = new byte[end - start];
        file!.ReadAt(start, batch);
        file.WriteAt(start, batch);
        file.Flush();
    }

    /// <summary>Takes up the last segment where its last good batch ends. A torn tail is zeroed first, so that it can never be read again.</summary>
    private void Continue(WalSegmentReader reader)
    {
        foreach (var (number, length) in reader.Sealed)
        {
            sealedSegments.Enqueue(new SealedSegment(number, length));
            TotalBytes += length;
        }

        (segment, segmentLength, end, sequence) = (reader.Number, reader.LengthBytes, reader.End, reader.Sequence);
        endsWithCloseMark = reader.EndsWithCloseMark;
        zeroedTo = end;

        // A crash may have come between a mark and the deletions that it allowed.
        mayRelease = true;
        TotalBytes += segmentLength;
        file = disk.Open(WalSegmentHeader.NameOf(options.Folder, segment), DiskMode.ReadWrite);
        try
        {
            if (reader.TornTail is { } tail)
            {
                failedAttempt = checked((int)tail.Bytes);
                EraseFailedAttempt();
            }
            else
            {
                MakeLastDurable(reader.LastStart);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
