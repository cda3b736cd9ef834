namespace Cluster.Engine.Storage;

/// <summary>Flushing: one write and one fdatasync for whatever was appended, and the ways in which a disk can refuse it.</summary>
public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Makes every record appended so far durable, as one batch. When the disk refuses, the records stay pending and the disk is put back to the last
    /// durable batch: calling again, with or without more records, is the way to retry.
    /// </summary>
    public WalFlush Flush()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (closedBecause is not null)
        {
            return Closed();
        }

        if (pending.IsEmpty)
        {
            return new WalFlush(WalFlushStatus.Durable);
        }

        try
        {
            EraseFailedAttempt();
            if (file is null || end + pending.BatchLength > segmentLength)
            {
                WriteIntoNewSegment();
            }
            else
            {
                WriteInPlace();
            }
        }
        catch (DiskFlushException error)
        {
            closedBecause = error.Message;
            return Closed();
        }
        catch (DiskFullException error)
        {
            return TryEraseFailedAttempt() ?? new WalFlush(WalFlushStatus.DiskFull, error.BytesNeeded, error.Path, error.Message);
        }
        catch (IOException error)
        {
            return TryEraseFailedAttempt() ?? new WalFlush(WalFlushStatus.WriteFailed, 0, PathOfSegment(segment), error.Message);
        }

        Accept();
        return new WalFlush(WalFlushStatus.Durable);
    }

    private WalFlush Closed() => new(WalFlushStatus.Closed, 0, PathOfSegment(segment), closedBecause);

    private void WriteInPlace()
    {
        var batch = pending.Batch();
        WalBatch.Seal(batch, sequence + 1, pending.Records, SeedAt(segment, end));

        // The zeros go first: a refused write then always leaves the batch incomplete, so it cannot verify even where the disk lets nobody erase it.
        zeroedTo = WriteZerosAhead(file!, end + batch.Length, zeroedTo, segmentLength);
        failedAttempt = batch.Length;
        file!.WriteAt(end, batch);
        if (!options.WithoutFlush)
        {
            file.Flush();
        }

        failedAttempt = 0;
        end += batch.Length;
        DurableBytes += batch.Length;
    }

    /// <summary>Keeps the file overwritten some way ahead of the records. Returns how far it is now.</summary>
    private long WriteZerosAhead(IDiskFile target, long from, long zeroed, long length)
    {
        if (from <= zeroed)
        {
            return zeroed;
        }

        var count = (int)Math.Min(zeros.Length, length - from);
        if (count > 0)
        {
            target.WriteAt(from, zeros.AsSpan(0, count));
        }

        return from + count;
    }

    /// <summary>The batch is durable: what was pending becomes what is.</summary>
    private void Accept()
    {
        sequence++;
        DurableBatches++;
        endsWithCloseMark = false;
        foreach (var group in unplaced)
        {
            group.Place(segment);
        }

        unplaced.Clear();
        pending.Clear();
        if (mayRelease)
        {
            ReleaseSegments();
        }
    }

    /// <summary>
    /// Overwrites what a failed attempt may have left, so that a crash before the retry does not bring back records whose flush was reported as
    /// failed. One flush more, in a rare case, keeps "failed" meaning failed.
    /// </summary>
    private void EraseFailedAttempt()
    {
        if (failedAttempt == 0)
        {
            return;
        }

        var blank = new byte[Math.Min(failedAttempt, WalSegmentHeader.Size)];
        for (var erased = 0; erased < failedAttempt; erased += blank.Length)
        {
            file!.WriteAt(end + erased, blank.AsSpan(0, Math.Min(blank.Length, failedAttempt - erased)));
        }

        file!.Flush();
        failedAttempt = 0;
    }

    /// <summary>Null when erased, or when it must be tried again before the next attempt; a result when the disk failed a flush meanwhile.</summary>
    private WalFlush? TryEraseFailedAttempt()
    {
        try
        {
            EraseFailedAttempt();
            return null;
        }
        catch (DiskFlushException error)
        {
            closedBecause = error.Message;
            return Closed();
        }
        catch (IOException)
        {
            // The caller hears of the failure that led here; failedAttempt still stands, so the next flush erases first.
            return null;
        }
    }

    private void WriteCloseMark()
    {
        var fits = file is not null && end + WalBatch.HeaderSize <= segmentLength;
        if (!fits || endsWithCloseMark || closedBecause is not null)
        {
            return;
        }

        Span<byte> mark = stackalloc byte[WalBatch.HeaderSize];
        WalBatch.Seal(mark, sequence + 1, records: 0, SeedAt(segment, end));
        try
        {
            EraseFailedAttempt();
            file!.WriteAt(end, mark);
            file.Flush();
        }
        catch (IOException)
        {
            // The mark only sharpens a later diagnosis; what was acknowledged stands without it.
        }
    }
}
