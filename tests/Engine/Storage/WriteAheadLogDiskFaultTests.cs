using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Storage;

/// <summary>A disk that is full, refuses writes or does not confirm flushes: acknowledged means durable, refused means absent, and nothing in between.</summary>
public sealed class WriteAheadLogDiskFaultTests
{
    private static readonly ShardId One = new(1);

    [Fact]
    public void A_disk_full_at_any_byte_of_a_batch_refuses_it_whole_and_takes_it_when_space_returns()
    {
        var refused = 0;
        for (var room = 0; room < 2600; room++)
        {
            var disk = new MemoryDisk();
            var log = Prepared(disk, entries: 3);
            disk.Faults.FullAfterBytes = room;
            log.AppendEntries(One, [LogScript.Entry(4, 1, 300)]);
            var result = log.Flush();
            if (result.IsDurable)
            {
                continue;
            }

            refused++;
            Assert.Equal(WalFlushStatus.DiskFull, result.Status);
            Assert.NotNull(result.Path);

            // A crash now must not bring the refused batch back, once the disk could erase it.
            disk.Faults.FullAfterBytes = null;
            log.AppendEntries(One, [LogScript.Entry(5, 1, 10)]);
            Assert.True(log.Flush().IsDurable);
            disk.Crash(room);
            Assert.Equal(5, Recover(disk).Entries.Count);
        }

        Assert.True(refused > 300, $"only {refused} refusals");
    }

    [Fact]
    public void A_refused_batch_does_not_come_back_after_a_crash()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var disk = new MemoryDisk();
            var log = Prepared(disk, entries: 3);

            log.AppendEntries(One, [LogScript.Entry(4, 1, 300)]);
            disk.Faults.FailWrites = true;
            Assert.Equal(WalFlushStatus.WriteFailed, log.Flush().Status);
            disk.Faults.FailWrites = false;
            log.AppendEntries(One, [LogScript.Entry(5, 1, 20)]);
            disk.Faults.StopAfterOperations = 2;
            Assert.Throws<MemoryDiskStoppedException>(() => log.Flush());
            disk.Crash(seed);

            Assert.Equal(3, Recover(disk).Entries.Count);
        }
    }

    [Fact]
    public void Crashes_and_full_disks_together_lose_nothing_acknowledged()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var disk = new MemoryDisk();
            var script = new LogScript(seed);
            var log = WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node).Log;
            script.Run(log, random.Next(1, 8));
            for (var round = 0; round < 20; round++)
            {
                disk.Faults.FullAfterBytes = random.Next(2) == 0 ? random.Next(12_000) : null;
                disk.Faults.FailWrites = random.Next(5) == 0;
                script.Append(log);
                script.Flush(log);
            }

            (disk.Faults.FullAfterBytes, disk.Faults.FailWrites) = (null, false);
            if (random.Next(2) == 0)
            {
                Assert.True(script.Flush(log).IsDurable, $"seed {seed}");
            }

            disk.Crash(seed);
            var text = LogTwin.TextOf(WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node).Groups);
            Assert.True(text == script.Durable || text == script.Attempted, $"seed {seed}: recovered\n{text}durable was\n{script.Durable}");
        }
    }

    [Fact]
    public void A_disk_without_room_for_a_segment_says_so_before_anything_is_half_written()
    {
        var disk = new MemoryDisk();
        var log = Prepared(disk, entries: 3);
        disk.Faults.CapacityBytes = disk.UsedBytes + 5000;
        ulong index = 3;
        WalFlush result;
        do
        {
            log.AppendEntries(One, [LogScript.Entry(++index, 1, 1000)]);
            result = log.Flush();
        }
        while (result.IsDurable);

        Assert.Equal(WalFlushStatus.DiskFull, result.Status);
        Assert.Equal(WalOptions.SegmentBytesMin, result.BytesNeeded);
        Assert.EndsWith("0000000000000002.wal", result.Path, StringComparison.Ordinal);
        Assert.Single(disk.List("wal"));

        // Still full: the same answer. Space: everything that waited goes through.
        var waiting = log.PendingBytes;
        Assert.Equal(WalFlushStatus.DiskFull, log.Flush().Status);
        Assert.Equal(waiting, log.PendingBytes);
        disk.Faults.CapacityBytes = 1 << 20;
        Assert.True(log.Flush().IsDurable);
        disk.Crash(1);
        Assert.Equal(index, Recover(disk).LastIndex);
    }

    [Fact]
    public void The_reserve_stays_free()
    {
        var disk = new MemoryDisk { Faults = { CapacityBytes = 3 * WalOptions.SegmentBytesMin } };
        var options = LogScript.Options with { ReserveBytes = 2 * WalOptions.SegmentBytesMin };
        var log = WriteAheadLog.Open(disk, options, LogScript.Node).Log;
        log.AppendGroupCreated(One, LogScript.Voters(1));
        log.AppendEntries(One, [LogScript.Entry(1, 1, WalOptions.SegmentBytesMin)]);

        Assert.Equal(WalFlushStatus.DiskFull, log.Flush().Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failed_fdatasync_closes_the_log_for_good(bool whileMakingASegment)
    {
        var disk = new MemoryDisk();
        var log = Prepared(disk, entries: 3);
        disk.Faults.FailFlushes = true;
        log.AppendEntries(One, [LogScript.Entry(4, 1, whileMakingASegment ? 20_000 : 10)]);
        Assert.Equal(WalFlushStatus.Closed, log.Flush().Status);

        disk.Faults.FailFlushes = false;
        var flushes = disk.Flushes;
        Assert.Equal(WalFlushStatus.Closed, log.Flush().Status);
        Assert.Throws<InvalidOperationException>(() => log.AppendEntries(One, [LogScript.Entry(5, 1)]));
        log.Dispose();
        Assert.Equal(flushes, disk.Flushes);

        // The restarted process reads what is really there: all that was acknowledged, and the failed batch whole or not.
        for (var seed = 0; seed < 5; seed++)
        {
            disk.Crash(seed);
            Assert.InRange(Recover(disk).Entries.Count, 3, 4);
        }
    }

    [Fact]
    public void A_log_that_cannot_be_made_says_disk_full()
    {
        var disk = new MemoryDisk { Faults = { CapacityBytes = 1000 } };

        Assert.Throws<DiskFullException>(() => WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node));
    }

    private static WriteAheadLog Prepared(MemoryDisk disk, int entries)
    {
        var log = WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node).Log;
        log.AppendGroupCreated(One, LogScript.Voters(1));
        for (var index = 1; index <= entries; index++)
        {
            log.AppendEntries(One, [LogScript.Entry((ulong)index, 1, 100)]);
            Assert.True(log.Flush().IsDurable);
        }

        return log;
    }

    private static RecoveredGroup Recover(MemoryDisk disk)
    {
        var opening = WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node);
        disk.Kill();
        return Assert.Single(opening.Groups);
    }
}
