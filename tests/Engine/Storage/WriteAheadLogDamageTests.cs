using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Storage;

/// <summary>Flipped bits, missing and foreign files: refused with a message that names the place, or told apart from a crash.</summary>
public sealed class WriteAheadLogDamageTests
{
    private const string First = "wal/0000000000000001.wal";
    private const string Second = "wal/0000000000000002.wal";

    private static readonly ShardId One = new(1);

    [Fact]
    public void A_flipped_bit_anywhere_before_the_last_batch_is_refused_and_never_served()
    {
        var (_, ends) = Written(orderly: false);
        var lastStart = ends[^2];
        for (long offset = 0; offset < lastStart; offset++)
        {
            // Every byte of what was written after the header, every 16th of the header, which is one checksummed block.
            if (offset < 4096 && offset % 16 != 0)
            {
                continue;
            }

            var (disk, _) = Written(orderly: false);
            disk.FlipBit(First, offset, (int)(offset % 8));
            var error = Assert.ThrowsAny<Exception>(() => Open(disk));
            Assert.True(error is StorageCorruptException { Path: var path } && path.EndsWith(First, StringComparison.Ordinal), $"byte {offset}: {error}");
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_last_batch_after_a_kill_is_taken_for_a_torn_write_and_only_that_batch_goes()
    {
        var (_, ends) = Written(orderly: false);
        for (var offset = ends[^2]; offset < ends[^1]; offset++)
        {
            var (disk, _) = Written(orderly: false);
            disk.FlipBit(First, offset, 3);
            var opening = Open(disk);

            Assert.Equal(4, opening.Groups[0].Entries.Count);
            Assert.Equal(ends[^2], opening.Recovery.TornTail!.Offset);

            // Gone for good: zeroed, and the next start finds nothing torn.
            disk.Kill();
            Assert.Null(Open(disk).Recovery.TornTail);
        }
    }

    [Fact]
    public void After_an_orderly_stop_even_the_last_batch_is_proven_and_damage_to_it_refused()
    {
        var (_, ends) = Written(orderly: true);
        for (var offset = ends[^2]; offset < ends[^1]; offset++)
        {
            var (disk, _) = Written(orderly: true);
            disk.FlipBit(First, offset, 5);
            var error = Assert.Throws<StorageCorruptException>(() => Open(disk));
            Assert.Equal(ends[^2], error.Offset);
            Assert.Contains("remove this node's data directory", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_zeros_after_the_last_batch_harms_nothing()
    {
        var (disk, ends) = Written(orderly: false);
        disk.FlipBit(First, ends[^1] + 1000, 0);
        var opening = Open(disk);

        Assert.Equal(5, opening.Groups[0].Entries.Count);
        Assert.Equal(1001, opening.Recovery.TornTail!.Bytes);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_full_segment_is_refused()
    {
        var probe = Rolled(out var end);
        Assert.True(probe.Exists(Second));
        for (var offset = 4096L; offset < end; offset += 7)
        {
            var disk = Rolled(out _);
            disk.FlipBit(First, offset, 1);
            var error = Assert.Throws<StorageCorruptException>(() => Open(disk));
            Assert.EndsWith(First, error.Path, StringComparison.Ordinal);
            Assert.InRange(error.Offset, 4096, offset);
        }
    }

    [Fact]
    public void The_first_batch_of_the_last_segment_is_never_taken_for_a_torn_write()
    {
        var disk = Rolled(out _);
        disk.FlipBit(Second, 4096 + 40, 1);

        var error = Assert.Throws<StorageCorruptException>(() => Open(disk));
        Assert.EndsWith(Second, error.Path, StringComparison.Ordinal);
        Assert.Equal(4096, error.Offset);
    }

    [Fact]
    public void A_missing_segment_is_refused_wherever_it_was()
    {
        var middle = Rolled(out _, entries: 40);
        middle.Delete(Second);
        Assert.EndsWith(Second, Assert.Throws<StorageCorruptException>(() => Open(middle)).Path, StringComparison.Ordinal);

        var oldest = Rolled(out _, entries: 40);
        oldest.Delete(First);
        Assert.Contains("lacks its entries 1 to", Assert.Throws<StorageCorruptException>(() => Open(oldest)).Message, StringComparison.Ordinal);

        var all = Rolled(out _);
        all.Delete(First);
        all.Delete(Second);
        Assert.Throws<StorageCorruptException>(() => WriteAheadLog.Open(all, LogScript.Options, LogScript.Node, mustExist: true));
    }

    [Fact]
    public void A_shortened_segment_is_refused()
    {
        foreach (var length in (long[])[0, 100, 4096, 9000])
        {
            var disk = Rolled(out _);
            using (var file = disk.Open(Second, DiskMode.ReadWrite))
            {
                file.Truncate(length);
            }

            Assert.Throws<StorageCorruptException>(() => Open(disk));
        }
    }

    [Fact]
    public void Another_nodes_segment_is_refused_as_such()
    {
        var disk = Rolled(out _);
        var error = Assert.Throws<StorageRefusedException>(() => WriteAheadLog.Open(disk, LogScript.Options, Guid.Parse("00000000-0000-0000-0000-000000000009")));

        Assert.Contains(LogScript.Node.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_copied_to_another_place_does_not_verify()
    {
        var (disk, ends) = Written(orderly: false);
        using (var file = disk.Open(First, DiskMode.ReadWrite))
        {
            var batch = new byte[ends[^1] - ends[^2]];
            file.ReadAt(ends[^2], batch);
            file.WriteAt(ends[^1], batch);
        }

        var opening = Open(disk);
        Assert.Equal(5, opening.Groups[0].Entries.Count);
        Assert.NotNull(opening.Recovery.TornTail);
    }

    [Fact]
    public void A_segment_that_was_being_made_is_removed()
    {
        var (disk, _) = Written(orderly: false);
        disk.Open("wal/0000000000000002.wal.tmp", DiskMode.Create, 5000).Dispose();

        Assert.Equal(5, Open(disk).Groups[0].Entries.Count);
        Assert.False(disk.Exists("wal/0000000000000002.wal.tmp"));
    }

    /// <summary>Five batches with an entry each, and where each of the last ones ends.</summary>
    private static (MemoryDisk Disk, List<long> Ends) Written(bool orderly)
    {
        var disk = new MemoryDisk();
        var opening = Open(disk);
        var ends = new List<long>();
        var end = 4096L + WalBatch.HeaderSize;
        opening.Log.AppendGroupCreated(One, LogScript.Voters(1, 2, 3));
        for (ulong index = 1; index <= 5; index++)
        {
            opening.Log.AppendEntries(One, [LogScript.Entry(index, 1, 60)]);
            var before = opening.Log.DurableBytes;
            opening.Log.Flush();
            end += opening.Log.DurableBytes - before;
            ends.Add(end);
        }

        if (orderly)
        {
            opening.Log.Dispose();
        }

        disk.Kill();
        return (disk, ends);
    }

    /// <summary>Enough entries for a second segment at least, and where the first one ended.</summary>
    private static MemoryDisk Rolled(out long end, int entries = 15)
    {
        var disk = new MemoryDisk();
        var opening = Open(disk);
        opening.Log.AppendGroupCreated(One, LogScript.Voters(1, 2, 3));
        end = 4096L + WalBatch.HeaderSize;
        for (var index = 1; index <= entries; index++)
        {
            opening.Log.AppendEntries(One, [LogScript.Entry((ulong)index, 1, 1000)]);
            var before = opening.Log.DurableBytes;
            opening.Log.Flush();
            end += opening.Log.Segments == 1 ? opening.Log.DurableBytes - before : 0;
        }

        disk.Kill();
        return disk;
    }

    private static WalOpening Open(MemoryDisk disk) => WriteAheadLog.Open(disk, LogScript.Options, LogScript.Node);
}
