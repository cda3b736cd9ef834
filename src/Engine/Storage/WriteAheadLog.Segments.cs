namespace Cluster.Engine.Storage;

/// <summary>
/// Segments come and go. A new one is written aside, first batch and all, flushed, and only then named: a crash leaves either no trace of it or all of
/// it. Its first batch ends with a repetition of every group's small state, so that any older segment can go once no group needs its entries.
/// </summary>
public sealed partial class WriteAheadLog
{
    private void WriteIntoNewSegment()
    {
        var before = pending.Position;
        try
        {
            RepeatGroups();
            var number = segment + 1;
            var length = (Math.Max(options.SegmentBytes, WalSegmentHeader.Size + (long)pending.BatchLength) + WalSegmentHeader.Size - 1) / WalSegmentHeader.Size * WalSegmentHeader.Size;
            RequireRoom(number, length);
            var aside = WalSegmentHeader.NameOf(options.Folder, number)[..^WalSegmentHeader.Suffix.Length] + WalSegmentHeader.AsideSuffix;
            var next = WriteAside(aside, number, length, out var zeroed);
            try
            {
                Name(aside, WalSegmentHeader.NameOf(options.Folder, number));
            }
            catch
            {
                next.Dispose();
                throw;
            }

            file?.Dispose();
            if (segment > 0)
            {
                sealedSegments.Enqueue(new SealedSegment(segment, segmentLength));
            }

            (file, segment, segmentLength, zeroedTo) = (next, number, length, zeroed);
            end = WalSegmentHeader.Size + pending.BatchLength;
            TotalBytes += length;
            DurableBytes += end;
            mayRelease = true;
        }
        catch
        {
            pending.BackTo(before);
            throw;
        }
    }

    private IDiskFile WriteAside(string aside, ulong number, long length, out long zeroed)
    {
        IDiskFile? next = null;
        try
        {
            next = disk.Open(aside, DiskMode.Create, length);
            Span<byte> header = stackalloc byte[WalSegmentHeader.Size];
            new WalSegmentHeader(node, number, length, end, sequence + 1).WriteTo(header);
            next.WriteAt(0, header);
            var batch = pending.Batch();
            WalBatch.Seal(batch, sequence + 1, pending.Records, SeedAt(number, WalSegmentHeader.Size));
            next.WriteAt(WalSegmentHeader.Size, batch);
            zeroed = WriteZerosAhead(next, WalSegmentHeader.Size + batch.Length, 0, length);
            next.Flush();
            return next;
        }
        catch (IOException)
        {
            next?.Dispose();
            DeleteQuietly(aside);
            throw;
        }
    }

    /// <summary>From the rename on it is unknown which name a crash would leave, so any failure here is as final as a failed flush.</summary>
    private void Name(string aside, string name)
    {
        try
        {
            disk.Rename(aside, name);
            disk.SyncFolder(options.Folder);
        }
        catch (IOException error) when (error is not DiskFlushException)
        {
            throw new DiskFlushException(disk.PathOf(name), error.Message, error);
        }
    }

    private void RequireRoom(ulong number, long length)
    {
        var path = PathOfSegment(number);
        if (TotalBytes + length > options.HardBytesMax && !(sealedSegments.TryPeek(out var oldest) && oldest.Number < OldestNeeded()))
        {
            throw new DiskFullException($"{path} ({nameof(WalOptions.HardBytesMax)} {options.HardBytesMax} reached, snapshots are overdue)", length);
        }

        if (disk.FreeBytes < length + options.ReserveBytes)
        {
            throw new DiskFullException(path, length + options.ReserveBytes);
        }
    }

    private void RepeatGroups()
    {
        foreach (var (id, group) in groups)
        {
            pending.GroupCreated(id, group.Initial!);
            if (group.HasHardState)
            {
                pending.HardState(id, group.Term, group.Vote, group.Commit);
            }

            if (group.MarkConfiguration is { } configuration)
            {
                pending.SnapshotMark(id, group.MarkIndex, group.MarkTerm, configuration);
            }
        }
    }

    /// <summary>The oldest segment that a group needs entries of; the present one when none does.</summary>
    private ulong OldestNeeded()
    {
        var needed = segment;
        foreach (var group in groups.Values)
        {
            needed = Math.Min(needed, group.OldestPinned ?? needed);
        }

        return needed;
    }

    /// <summary>
    /// Deletes the segments before the oldest needed one, oldest first and each durably, so that a crash never leaves a hole in the row. Called only
    /// when nothing is pending: the marks that allow it are durable.
    /// </summary>
    private void ReleaseSegments()
    {
        mayRelease = false;
        var needed = OldestNeeded();
        while (sealedSegments.TryPeek(out var oldest) && oldest.Number < needed)
        {
            try
            {
                disk.Delete(WalSegmentHeader.NameOf(options.Folder, oldest.Number));
                disk.SyncFolder(options.Folder);
            }
            catch (IOException)
            {
                // Space that comes back later is no failure of the flush that has just succeeded; the next mark tries again.
                mayRelease = true;
                return;
            }

            sealedSegments.Dequeue();
            TotalBytes -= oldest.LengthBytes;
        }
    }

    private void DeleteQuietly(string name)
    {
        try
        {
            disk.Delete(name);
        }
        catch (IOException)
        {
            // A leftover is overwritten by the next attempt, or removed when the log is opened.
        }
    }
}
