using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Storage;

public sealed class SnapshotStoreTests
{
    private static readonly ShardId One = new(1);
    private static readonly SnapshotOptions Options = new() { BlockBytes = 512, ReserveBytes = 0 };

    private readonly MemoryDisk disk = new() { Faults = { CapacityBytes = 1 << 20 } };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5000)]
    public void What_was_written_is_read_back_whole_and_from_anywhere(int bytes)
    {
        var store = Open();
        var data = Data(bytes);
        var info = Write(store, 7, 2, data);

        using var reader = store.OpenNewest(One, neededFrom: 7).Reader!;
        Assert.Equal(info, reader.Info);
        Assert.Equal((7UL, 2UL, (long)bytes, LogScript.Voters(1, 2)), (info.Index, info.Term, info.DataBytes, info.Configuration));
        Assert.Equal(data, ReadAll(reader));
        if (bytes > 600)
        {
            reader.Position = 600;
            Assert.Equal(data[600], (byte)reader.ReadByte());
        }
    }

    [Fact]
    public void An_abandoned_snapshot_leaves_no_trace()
    {
        var store = Open();
        using (var writer = store.Write(One, 7, 2, LogScript.Voters(1)))
        {
            writer.Write(Data(2000));
        }

        Assert.Empty(disk.List("snapshots/1"));
        Assert.Null(store.OpenNewest(One, 0).Reader);
    }

    [Fact]
    public void A_crash_while_a_snapshot_is_written_leaves_the_old_one_or_the_new_one()
    {
        var whole = new MemoryDisk();
        Life(whole);
        var seen = new HashSet<ulong>();
        for (long operation = 0; operation < whole.Operations; operation++)
        {
            for (var seed = 0; seed < 4; seed++)
            {
                var crashing = new MemoryDisk { Faults = { StopAfterOperations = operation } };
                var completed = 0UL;
                try
                {
                    Life(crashing, index => completed = index);
                }
                catch (MemoryDiskStoppedException)
                {
                    // The crash that was asked for.
                }

                crashing.Crash(seed);
                using var reader = SnapshotStore.Open(crashing, Options).OpenNewest(One, completed).Reader;
                var newest = reader?.Info.Index ?? 0;
                Assert.InRange(newest, completed, completed + 10);
                Assert.DoesNotContain(crashing.List("snapshots/1"), entry => entry.Name.EndsWith(".tmp", StringComparison.Ordinal));
                seen.Add(newest);
            }
        }

        Assert.Equal([0UL, 10UL, 20UL, 30UL], seen.Order());

        static void Life(MemoryDisk disk, Action<ulong>? completed = null)
        {
            var store = SnapshotStore.Open(disk, Options);
            for (ulong index = 10; index <= 30; index += 10)
            {
                Write(store, index, 1, Data(1500));
                completed?.Invoke(index);
            }
        }
    }

    [Fact]
    public void The_newest_two_are_kept()
    {
        var store = Open();
        for (ulong index = 8; index <= 12; index++)
        {
            Write(store, index, 1, Data(10));
        }

        Assert.Equal([(12UL, 1UL), (11UL, 1UL)], store.List(One));
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused_when_the_log_needs_that_snapshot()
    {
        var store = Open();
        var info = Write(store, 7, 2, Data(1200));
        for (long offset = 0; offset < info.FileBytes; offset++)
        {
            disk.FlipBit("snapshots/1/7-2.snap", offset, (int)(offset % 8));
            var error = Assert.Throws<StorageCorruptException>(() => store.OpenNewest(One, neededFrom: 7));
            Assert.EndsWith("snapshots/1/7-2.snap", error.Path, StringComparison.Ordinal);
            disk.FlipBit("snapshots/1/7-2.snap", offset, (int)(offset % 8));
        }

        Assert.NotNull(store.OpenNewest(One, neededFrom: 7).Reader);
    }

    [Fact]
    public void A_damaged_newest_gives_way_to_an_older_one_only_while_the_log_holds_what_follows_that()
    {
        var store = Open();
        Write(store, 5, 1, Data(100));
        Write(store, 9, 1, Data(100));
        disk.FlipBit("snapshots/1/9-1.snap", 60, 0);

        var choice = store.OpenNewest(One, neededFrom: 5);
        Assert.Equal(5UL, choice.Reader!.Info.Index);
        Assert.Contains("9-1.snap", Assert.Single(choice.Skipped), StringComparison.Ordinal);

        var error = Assert.Throws<StorageCorruptException>(() => store.OpenNewest(One, neededFrom: 9));
        Assert.Contains("snapshot at entry 5 is no substitute, as the log no longer holds entries 6 to 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_snapshot_that_the_log_builds_on_is_refused()
    {
        var store = Open();

        Assert.Contains("needs a snapshot at entry 9", Assert.Throws<StorageCorruptException>(() => store.OpenNewest(One, neededFrom: 9)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_abandons_the_snapshot_and_leaves_the_older_one()
    {
        var store = Open();
        Write(store, 5, 1, Data(100));
        disk.Faults.CapacityBytes = disk.UsedBytes + 1500;
        using (var writer = store.Write(One, 9, 1, LogScript.Voters(1)))
        {
            Assert.Throws<DiskFullException>(() => writer.Write(Data(5000)));
        }

        Assert.Equal([(5UL, 1UL)], store.List(One));
        Assert.Single(disk.List("snapshots/1"));
    }

    [Fact]
    public void A_transfer_is_taken_in_any_pieces_with_repeats_and_gaps()
    {
        var source = Open();
        var data = Data(3000);
        var info = Write(source, 7, 2, data);
        using var reader = source.TryOpen(One, 7, 2)!;
        var target = new MemoryDisk();
        var store = SnapshotStore.Open(target, Options);
        var random = new Random(1);
        Assert.True(store.TryReceive(One, 7, 2, info.Configuration, info.FileBytes, out var receiver, out _));
        using (receiver)
        {
            while (!receiver.IsWhole)
            {
                // Somewhere near what is wanted: before it, at it, or past it.
                var offset = Math.Max(0, receiver.NextOffset + random.Next(-100, 20));
                var chunk = new byte[random.Next(1, 300)];
                var read = reader.ReadFile(offset, chunk);
                var before = receiver.NextOffset;
                var next = receiver.Accept(offset, chunk.AsSpan(0, read));
                Assert.Equal(offset <= before ? Math.Max(before, offset + read) : before, next);
            }

            var receipt = receiver.Complete();
            Assert.Null(receipt.Refused);
            Assert.Equal(info, receipt.Installed);
        }

        target.Crash(3);
        using var installed = SnapshotStore.Open(target, Options).OpenNewest(One, 7).Reader!;
        Assert.Equal(data, ReadAll(installed));
    }

    [Fact]
    public void A_damaged_or_mislabelled_transfer_is_refused_and_removed()
    {
        var source = Open();
        var info = Write(source, 7, 2, Data(3000));
        using var reader = source.TryOpen(One, 7, 2)!;
        var file = new byte[info.FileBytes];
        reader.ReadFile(0, file);

        file[700] ^= 4;
        Assert.Contains("does not match its checksum", Transfer(7, file), StringComparison.Ordinal);
        file[700] ^= 4;
        Assert.Contains("announced was", Transfer(8, file), StringComparison.Ordinal);

        string Transfer(ulong index, byte[] bytes)
        {
            var target = new MemoryDisk();
            var store = SnapshotStore.Open(target, Options);
            Assert.True(store.TryReceive(One, index, 2, info.Configuration, bytes.Length, out var receiver, out _));
            receiver.Accept(0, bytes);
            var receipt = receiver.Complete();
            Assert.Null(receipt.Installed);
            Assert.Empty(target.List("snapshots/1"));
            return receipt.Refused!;
        }
    }

    [Fact]
    public void A_transfer_that_cannot_fit_is_refused_at_its_start_and_one_that_overruns_is_not_taken()
    {
        var store = SnapshotStore.Open(disk, Options with { FileBytesMax = 100_000, ChunkBytesMax = 1000 });
        Assert.False(store.TryReceive(One, 7, 2, LogScript.Voters(1), 100_001, out _, out var refused));
        Assert.Contains("100001", refused, StringComparison.Ordinal);
        Assert.False(store.TryReceive(One, 7, 2, LogScript.Voters(1), -1, out _, out _));
        disk.Faults.CapacityBytes = 50_000;
        Assert.False(store.TryReceive(One, 7, 2, LogScript.Voters(1), 60_000, out _, out refused));
        Assert.Contains("disk full", refused, StringComparison.Ordinal);

        Assert.True(store.TryReceive(One, 7, 2, LogScript.Voters(1), 2000, out var receiver, out _));
        Assert.Equal(0, receiver.Accept(0, new byte[1001]));
        Assert.Equal(0, receiver.Accept(-5, new byte[10]));
        Assert.Equal(0, receiver.Accept(long.MaxValue, new byte[10]));
        Assert.Equal(1000, receiver.Accept(0, new byte[1000]));
        Assert.Equal(1900, receiver.Accept(1000, new byte[900]));
        Assert.Equal(1900, receiver.Accept(1900, new byte[101]));
        Assert.Throws<InvalidOperationException>(() => receiver.Complete());
        receiver.Dispose();
        Assert.Empty(disk.List("snapshots/1"));
    }

    [Fact]
    public void Groups_are_apart_and_one_can_be_deleted()
    {
        var store = Open();
        Write(store, 7, 2, Data(10));
        using (var writer = store.Write(new ShardId(2), 8, 2, LogScript.Voters(1)))
        {
            writer.Complete();
        }

        store.DeleteGroup(One);
        Assert.Empty(store.List(One));
        Assert.Equal([(8UL, 2UL)], store.List(new ShardId(2)));
    }

    [Fact]
    public void Snapshots_of_groups_that_the_log_no_longer_knows_are_removed()
    {
        var store = Open();
        Write(store, 7, 2, Data(10));
        using (var writer = store.Write(new ShardId(2), 8, 2, LogScript.Voters(1)))
        {
            writer.Complete();
        }

        store.DeleteAllBut([One]);
        Assert.Single(store.List(One));
        Assert.Empty(store.List(new ShardId(2)));
    }

    private SnapshotStore Open() => SnapshotStore.Open(disk, Options);

    private static SnapshotInfo Write(SnapshotStore store, ulong index, ulong term, byte[] data)
    {
        using var writer = store.Write(One, index, term, LogScript.Voters(1, 2));
        writer.Write(data.AsSpan(0, data.Length / 3));
        writer.Write(data.AsSpan(data.Length / 3));
        return writer.Complete();
    }

    private static byte[] Data(int bytes)
    {
        var data = new byte[bytes];
        new Random(bytes).NextBytes(data);
        return data;
    }

    private static byte[] ReadAll(SnapshotReader reader)
    {
        using var memory = new MemoryStream();
        reader.CopyTo(memory);
        return memory.ToArray();
    }
}
