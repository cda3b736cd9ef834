using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Engine.Storage.Faults;
using Cluster.Shared.Http;

namespace Cluster.Engine.Tests.Storage;

/// <summary>What is held in memory is read, flushed, moved and forgotten as a page cache would; a killed process loses that, and nothing else.</summary>
public sealed class FaultyDiskTests : IDisposable
{
    private static readonly DiskFaultView Forgetful = new(LoseUnsynced: true);

    private readonly MemoryDisk beneath = new();
    private readonly GuardedTime time = new();
    private readonly FaultyDisk disk;

    public FaultyDiskTests()
    {
        disk = new FaultyDisk(beneath, time, new Random(1));
        disk.Set(Forgetful);
    }

    public void Dispose() => disk.Dispose();

    [Fact]
    public void A_kill_loses_what_was_not_flushed_and_only_that()
    {
        using var file = disk.Open("a", DiskMode.Create);
        file.WriteAt(0, "flushed "u8);
        file.Flush();
        file.WriteAt(8, "held"u8);

        Assert.Equal("flushed held", Read(disk, "a"));
        Assert.Equal(12, file.Length);
        Assert.Equal(12, disk.List("")[0].LengthBytes);
        Assert.Equal("flushed ", Read(beneath, "a"));
    }

    [Fact]
    public void A_flush_brings_all_that_was_held_to_the_disk_in_order()
    {
        using var file = disk.Open("a", DiskMode.Create);
        file.WriteAt(0, "abcdef"u8);
        file.Truncate(3);
        file.Truncate(5);
        file.WriteAt(1, "x"u8);
        Assert.Equal("axc\0\0", Read(disk, "a"));
        file.Flush();

        Assert.Equal("axc\0\0", Read(beneath, "a"));
    }

    [Fact]
    public void A_file_that_was_closed_unflushed_is_read_and_flushed_by_the_next_handle()
    {
        Write("a", "held");
        Assert.Equal("held", Read(disk, "a"));
        Assert.Equal("", Read(beneath, "a"));

        using var again = disk.Open("a", DiskMode.ReadWrite);
        again.Flush();
        Assert.Equal("held", Read(beneath, "a"));
    }

    [Fact]
    public void A_renamed_file_without_a_flush_leaves_an_empty_one_under_its_new_name()
    {
        Write("b", "old");
        Write("a", "new");
        disk.Rename("a", "b");
        disk.SyncFolder("");

        Assert.Equal("new", Read(disk, "b"));
        Assert.Equal("", Read(beneath, "b"));
    }

    [Fact]
    public void A_deleted_file_takes_what_it_held_along_and_its_name_begins_anew()
    {
        Write("a", "first");
        using var open = disk.Open("a", DiskMode.Read);
        disk.Delete("a");
        Write("a", "2");

        Assert.Equal(5, open.Length);
        Assert.Equal("2", Read(disk, "a"));
    }

    [Fact]
    public void Healing_writes_what_was_held_and_an_orderly_end_too()
    {
        using var file = disk.Open("a", DiskMode.Create);
        file.WriteAt(0, "one"u8);
        disk.Set(DiskFaultView.None);
        Assert.Equal("one", Read(beneath, "a"));

        disk.Set(Forgetful);
        file.WriteAt(3, " two"u8);
        Assert.Equal("one", Read(beneath, "a"));
        disk.Dispose();
        Assert.Equal("one two", Read(beneath, "a"));
    }

    [Fact]
    public void What_nobody_flushes_is_written_back_after_a_while_and_when_it_grows_large()
    {
        using var file = disk.Open("a", DiskMode.Create);
        file.WriteAt(0, "old"u8);
        time.Advance(HeldFile.WriteBackAge + TimeSpan.FromMilliseconds(1));
        file.WriteAt(3, "young"u8);
        Assert.Equal("old", Read(beneath, "a"));

        file.WriteAt(0, new byte[HeldFile.HeldBytesMax]);
        file.WriteAt(0, "x"u8);
        Assert.Equal(HeldFile.HeldBytesMax, Read(beneath, "a").Length);
    }

    [Fact]
    public void A_torn_write_leaves_a_first_part_that_ends_with_a_sector()
    {
        disk.Set(Forgetful with { Torn = true });
        var lengths = new HashSet<int>();
        for (var i = 0; i < 100; i++)
        {
            using var file = disk.Open("a", DiskMode.Create);
            file.WriteAt(100, new byte[1600]);
            lengths.Add(Read(beneath, "a").Length);
            Assert.Equal(1700, file.Length);
        }

        Assert.Equal([512, 1024, 1536], lengths.Order());

        using var small = disk.Open("b", DiskMode.Create);
        small.WriteAt(0, new byte[512]);
        Assert.Equal("", Read(beneath, "b"));
        small.Flush();
        Assert.Equal(512, Read(beneath, "b").Length);
    }

    [Fact]
    public void A_failed_flush_loses_for_good_what_it_should_have_saved()
    {
        using var file = disk.Open("a", DiskMode.Create);
        file.WriteAt(0, "lost"u8);
        disk.Set(Forgetful with { FailFlush = true });
        Assert.Throws<DiskFlushException>(file.Flush);
        Assert.Throws<DiskFlushException>(() => disk.SyncFolder(""));
        disk.Set(DiskFaultView.None);
        file.Flush();

        Assert.Equal("", Read(beneath, "a"));
    }

    [Fact]
    public void A_full_disk_takes_no_write_no_growth_and_no_new_space()
    {
        disk.Set(DiskFaultView.None);
        using var file = disk.Open("a", DiskMode.Create, preallocateBytes: 100);
        disk.Set(new DiskFaultView(Full: true));

        Assert.Equal(0, disk.FreeBytes);
        Assert.Equal(3, Assert.Throws<DiskFullException>(() => file.WriteAt(0, "abc"u8)).BytesNeeded);
        Assert.Throws<DiskFullException>(() => file.Truncate(101));
        Assert.Throws<DiskFullException>(() => disk.Open("b", DiskMode.Create, preallocateBytes: 1));
        Assert.False(disk.Exists("b"));
        file.Truncate(50);
        disk.Set(DiskFaultView.None);
        file.WriteAt(0, "abc"u8);
    }

    [Fact]
    public void A_failed_write_is_half_done()
    {
        disk.Set(new DiskFaultView(FailWrites: true));
        using var file = disk.Open("a", DiskMode.Create);

        Assert.Throws<IOException>(() => file.WriteAt(0, "abcdef"u8));
        Assert.Equal("abc", Read(beneath, "a"));
    }

    [Fact]
    public async Task A_slow_disk_holds_its_caller_until_the_time_has_passed()
    {
        disk.Set(new DiskFaultView(LatencyMs: 50, WriteLatencyMs: 20));
        using var file = disk.Open("a", DiskMode.Create);
        var work = Task.Run(() =>
        {
            file.WriteAt(0, "a"u8);
            file.Flush();
        });
        var start = time.GetTimestamp();
        await AdvanceUntilAsync(() => work.IsCompleted);
        await work;

        Assert.Equal(TimeSpan.FromMilliseconds(70), time.GetElapsedTime(start));
    }

    [Fact]
    public async Task Jitter_adds_to_the_latency_and_is_never_more_than_asked_for()
    {
        disk.Set(new DiskFaultView(LatencyMs: 10, JitterMs: 10));
        using var file = disk.Open("a", DiskMode.Create);
        var took = new List<TimeSpan>();
        for (var i = 0; i < 20; i++)
        {
            var start = time.GetTimestamp();
            var work = Task.Run(file.Flush);
            await AdvanceUntilAsync(() => work.IsCompleted);
            took.Add(time.GetElapsedTime(start));
        }

        Assert.All(took, one => Assert.InRange(one.TotalMilliseconds, 10, 21));
        Assert.True(took.Distinct().Count() > 3, string.Join(", ", took));
    }

    [Fact]
    public async Task Healing_ends_a_wait_that_is_under_way()
    {
        disk.Set(new DiskFaultView(LatencyMs: 60_000));
        using var file = disk.Open("a", DiskMode.Create);
        var work = Task.Run(file.Flush);
        await UntilAsync(() => time.NextDue is not null);
        Assert.False(work.IsCompleted);
        disk.Set(DiskFaultView.None);

        await work.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_cannot_be_is_refused_and_changes_nothing()
    {
        Assert.Throws<ArgumentException>(() => disk.Set(new DiskFaultView(Torn: true)));
        Assert.Throws<ArgumentException>(() => disk.Set(new DiskFaultView(LatencyMs: -1)));
        Assert.Equal(Forgetful, disk.Current);
    }

    /// <summary>Moves the clock by steps of a millisecond, each when somebody waits for it.</summary>
    private async Task AdvanceUntilAsync(Func<bool> isDone)
    {
        while (!isDone())
        {
            await UntilAsync(() => isDone() || time.NextDue is not null);
            if (!isDone())
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "not within 10 s");
            await Task.Yield();
        }
    }

    private void Write(string name, string text)
    {
        using var file = disk.Open(name, DiskMode.Create);
        file.WriteAt(0, System.Text.Encoding.ASCII.GetBytes(text));
    }

    private static string Read(IDisk disk, string name)
    {
        using var file = disk.Open(name, DiskMode.Read);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.ReadAt(0, bytes));
        return System.Text.Encoding.ASCII.GetString(bytes);
    }
}
