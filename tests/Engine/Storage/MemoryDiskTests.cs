using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;

namespace Cluster.Engine.Tests.Storage;

public sealed class MemoryDiskTests : DiskCompliance
{
    private readonly MemoryDisk disk = new() { Faults = { CapacityBytes = 1 << 20 } };

    protected override IDisk Disk => disk;

    [Fact]
    public void A_crash_keeps_what_was_flushed_and_decides_about_the_rest()
    {
        var fates = new HashSet<string>();
        for (var seed = 0; seed < 200; seed++)
        {
            var fresh = new MemoryDisk();
            using (var file = fresh.Open("a", DiskMode.Create))
            {
                file.WriteAt(0, Filled(1, 1024));
                file.Flush();
                fresh.SyncFolder("");
                file.WriteAt(0, Filled(2, 1024));
            }

            fresh.Crash(seed);
            var bytes = ReadAll(fresh, "a");
            Assert.Equal(1024, bytes.Length);
            for (var sector = 0; sector < 2; sector++)
            {
                Assert.Equal(-1, bytes.AsSpan(sector * 512, 512).IndexOfAnyExcept(bytes[sector * 512]));
            }

            fates.Add($"{bytes[0]}{bytes[512]}");
        }

        Assert.Equal(["11", "12", "21", "22"], fates.Order());
    }

    [Fact]
    public void A_crash_may_lose_growth_but_never_leaves_garbage_in_it()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var fresh = new MemoryDisk();
            using (var file = fresh.Open("a", DiskMode.Create))
            {
                fresh.SyncFolder("");
                file.WriteAt(0, Filled(1, 700));
                file.Truncate(100);
                file.WriteAt(2000, Filled(2, 10));
            }

            fresh.Crash(seed);
            var bytes = ReadAll(fresh, "a");
            Assert.True(bytes.Length is 0 or 100 or 512 or 700 or 2010, $"seed {seed}: {bytes.Length} bytes");
            Assert.Equal(-1, bytes.AsSpan(0, Math.Min(2000, bytes.Length)).IndexOfAnyExcept((byte)0, (byte)1));
        }
    }

    [Fact]
    public void A_name_is_durable_only_after_its_folder_was_synced()
    {
        var survived = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var fresh = new MemoryDisk();
            using (var file = fresh.Open("a", DiskMode.Create))
            {
                file.Flush();
            }

            fresh.Crash(seed);
            survived += fresh.Exists("a") ? 1 : 0;
        }

        Assert.InRange(survived, 1, 99);
    }

    [Fact]
    public void An_unsynced_rename_leaves_the_file_under_exactly_one_name()
    {
        var names = new HashSet<string>();
        for (var seed = 0; seed < 50; seed++)
        {
            var fresh = new MemoryDisk();
            fresh.Open("a", DiskMode.Create).Dispose();
            fresh.SyncFolder("");
            fresh.Rename("a", "b");
            fresh.Crash(seed);
            names.Add(Assert.Single(fresh.List("")).Name);
        }

        Assert.Equal(["a", "b"], names.Order());
    }

    [Fact]
    public void A_flush_after_a_failed_one_does_not_save_what_the_failed_one_covered()
    {
        var lost = 0;
        for (var seed = 0; seed < 50; seed++)
        {
            var fresh = new MemoryDisk();
            using (var file = fresh.Open("a", DiskMode.Create))
            {
                fresh.SyncFolder("");
                file.WriteAt(0, Filled(1, 512));
                fresh.Faults.FailFlushes = true;
                Assert.Throws<DiskFlushException>(file.Flush);
                fresh.Faults.FailFlushes = false;
                file.WriteAt(512, Filled(2, 512));
                file.Flush();
            }

            fresh.Crash(seed);
            var bytes = ReadAll(fresh, "a");
            Assert.Equal(1024, bytes.Length);
            Assert.Equal(2, bytes[512]);
            lost += bytes[0] == 0 ? 1 : 0;
        }

        Assert.InRange(lost, 1, 49);
    }

    [Fact]
    public void The_same_seed_crashes_the_same_way()
    {
        Assert.Equal(Run(7), Run(7));

        static byte[] Run(int seed)
        {
            var fresh = new MemoryDisk();
            using (var file = fresh.Open("a", DiskMode.Create))
            {
                fresh.SyncFolder("");
                file.WriteAt(0, Filled(1, 5000));
            }

            fresh.Crash(seed);
            return ReadAll(fresh, "a");
        }
    }

    [Fact]
    public void A_process_that_died_cannot_write_any_more()
    {
        using var file = disk.Open("a", DiskMode.Create);
        using var held = disk.TryLock("lock", "me", out _);
        disk.Kill();

        Assert.Throws<MemoryDiskStoppedException>(() => file.WriteAt(0, "x"u8));
        Assert.NotNull(disk.TryLock("lock", "next", out _));
    }

    [Fact]
    public void A_full_disk_writes_what_fits_and_refuses_the_rest()
    {
        using var file = disk.Open("a", DiskMode.Create);
        disk.Faults.CapacityBytes = 100;

        Assert.Throws<DiskFullException>(() => file.WriteAt(0, Filled(1, 150)));
        Assert.Equal(100, file.Length);

        disk.Faults.CapacityBytes = 1000;
        disk.Faults.FullAfterBytes = 30;
        Assert.Throws<DiskFullException>(() => file.WriteAt(0, Filled(2, 100)));
        Assert.Equal([2, 1], new[] { ReadAll(disk, "a")[29], ReadAll(disk, "a")[30] });
    }

    private static byte[] Filled(byte value, int count)
    {
        var bytes = new byte[count];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static byte[] ReadAll(MemoryDisk disk, string name)
    {
        using var file = disk.Open(name, DiskMode.Read);
        var bytes = new byte[file.Length];
        _ = file.ReadAt(0, bytes);
        return bytes;
    }
}
