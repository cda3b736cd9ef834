using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Storage;

public sealed class WriteAheadLogTests
{
    private static readonly ShardId One = new(1);
    private static readonly ShardId Two = new(2);

    private readonly MemoryDisk disk = new();

    [Fact]
    public void A_new_log_is_empty_and_says_that_it_is_new()
    {
        using var log = Open(out var opening);

        Assert.Empty(opening.Groups);
        Assert.True(opening.Recovery.Created);
        Assert.Equal(WalFlushStatus.Durable, log.Flush().Status);
    }

    [Fact]
    public void Everything_flushed_comes_back_by_group()
    {
        using (var log = Open(out _))
        {
            log.AppendGroupCreated(Two, LogScript.Voters(2, 3));
            log.AppendGroupCreated(One, LogScript.Voters(1, 2, 3));
            log.AppendEntries(One, [LogScript.Entry(1, 1), LogScript.Entry(2, 1)]);
            log.AppendEntries(Two, [new Entry { Index = 1, Term = 4, Kind = EntryKind.Configuration, Data = Google.Protobuf.ByteString.CopyFromUtf8("c") }]);
            log.AppendHardState(One, 3, 2, 1);
            Assert.True(log.Flush().IsDurable);
        }

        using var again = Open(out var opening);
        Assert.Equal([One, Two], opening.Groups.Select(group => group.Group));
        var one = opening.Groups[0];
        Assert.Equal((3UL, 2U, 1UL), (one.Term, one.Vote, one.Commit));
        Assert.Equal(LogScript.Voters(1, 2, 3), one.InitialConfiguration);
        Assert.Equal([LogScript.Entry(1, 1), LogScript.Entry(2, 1)], one.Entries);
        Assert.Equal(EntryKind.Configuration, Assert.Single(opening.Groups[1].Entries).Kind);
        Assert.Equal(3, opening.Recovery.Entries);
        Assert.False(opening.Recovery.Created);
    }

    [Fact]
    public void What_a_snapshot_stands_for_comes_back_as_far_as_it_is_there_and_really_that_history()
    {
        using (var log = Open(out _))
        {
            log.AppendGroupCreated(One, LogScript.Voters(1));
            log.AppendGroupCreated(Two, LogScript.Voters(1));
            log.AppendEntries(One, [.. Enumerable.Range(1, 6).Select(index => LogScript.Entry((ulong)index, 1))]);
            log.AppendSnapshotMark(One, 2, 1, LogScript.Voters(1));
            log.AppendSnapshotMark(One, 4, 1, LogScript.Voters(1));
            log.AppendEntries(Two, [LogScript.Entry(1, 1), LogScript.Entry(2, 1), LogScript.Entry(3, 1)]);
            log.AppendSnapshotMark(Two, 2, 5, LogScript.Voters(1)); // A leader's, of another history.
            log.Flush();
        }

        using (Open(out var opening))
        {
            Assert.Equal([1, 2, 3, 4], opening.Groups[0].Tail.Select(entry => (int)entry.Index));
            Assert.Equal([5, 6], opening.Groups[0].Entries.Select(entry => (int)entry.Index));
            Assert.Empty(opening.Groups[1].Tail);
        }

        using var again = Open(out var bounded, LogScript.Options with { TailEntries = 3 });
        Assert.Equal([2, 3, 4], bounded.Groups[0].Tail.Select(entry => (int)entry.Index));
    }

    [Fact]
    public void One_flush_is_one_write_and_one_fdatasync_for_all_groups()
    {
        using var log = Open(out _);
        log.AppendGroupCreated(One, LogScript.Voters(1));
        log.AppendGroupCreated(Two, LogScript.Voters(1));
        log.Flush();
        var (writes, flushes) = (disk.Writes, disk.Flushes);
        for (ulong index = 1; index <= 10; index++)
        {
            log.AppendEntries(One, [LogScript.Entry(index, 1)]);
            log.AppendEntries(Two, [LogScript.Entry(index, 1)]);
        }

        log.Flush();
        Assert.Equal((1, 1), (disk.Writes - writes, disk.Flushes - flushes));

        log.Flush();
        Assert.Equal(1, disk.Flushes - flushes);
    }

    [Fact]
    public void Entries_replace_those_from_their_first_index_on()
    {
        using (var log = Open(out _))
        {
            log.AppendGroupCreated(One, LogScript.Voters(1));
            log.AppendEntries(One, [LogScript.Entry(1, 1), LogScript.Entry(2, 1), LogScript.Entry(3, 1)]);
            log.AppendEntries(One, [LogScript.Entry(2, 2)]);
            log.Flush();
        }

        using var again = Open(out var opening);
        Assert.Equal([LogScript.Entry(1, 1), LogScript.Entry(2, 2)], opening.Groups[0].Entries);
    }

    [Fact]
    public void A_snapshot_mark_keeps_what_follows_it_only_if_the_log_has_its_entry()
    {
        using (var log = Open(out _))
        {
            foreach (var group in (ShardId[])[One, Two])
            {
                log.AppendGroupCreated(group, LogScript.Voters(1));
                log.AppendEntries(group, [LogScript.Entry(1, 1), LogScript.Entry(2, 1), LogScript.Entry(3, 1)]);
            }

            log.AppendSnapshotMark(One, 2, 1, LogScript.Voters(1, 2));
            log.AppendSnapshotMark(Two, 2, 5, LogScript.Voters(1, 2));
            log.AppendSnapshotMark(One, 1, 1, LogScript.Voters(9));
            log.Flush();
        }

        using var again = Open(out var opening);
        Assert.Equal([LogScript.Entry(3, 1)], opening.Groups[0].Entries);
        Assert.Equal((2UL, 1UL, LogScript.Voters(1, 2)), (opening.Groups[0].SnapshotIndex, opening.Groups[0].SnapshotTerm, opening.Groups[0].SnapshotConfiguration!));
        Assert.Empty(opening.Groups[1].Entries);
        Assert.Equal(2UL, opening.Groups[1].LastIndex);
    }

    [Fact]
    public void A_removed_group_is_gone_and_may_begin_anew()
    {
        using (var log = Open(out _))
        {
            log.AppendGroupCreated(One, LogScript.Voters(1));
            log.AppendEntries(One, [LogScript.Entry(1, 1)]);
            log.AppendHardState(One, 7, 1, 1);
            log.Flush();
            log.AppendGroupRemoved(One);
            log.AppendGroupCreated(One, LogScript.Voters(2));
            log.Flush();
        }

        using var again = Open(out var opening);
        var one = Assert.Single(opening.Groups);
        Assert.Equal((0UL, 0UL, LogScript.Voters(2)), (one.Term, one.LastIndex, one.InitialConfiguration));
    }

    [Fact]
    public void An_append_that_no_Raft_would_make_throws_and_leaves_the_log_usable()
    {
        using var log = Open(out _);
        Assert.Throws<InvalidOperationException>(() => log.AppendEntries(One, [LogScript.Entry(1, 1)]));
        log.AppendGroupCreated(One, LogScript.Voters(1));
        log.AppendEntries(One, [LogScript.Entry(1, 2), LogScript.Entry(2, 2)]);
        log.AppendSnapshotMark(One, 1, 2, LogScript.Voters(1));
        log.AppendHardState(One, 2, 3, 1);

        Assert.Throws<InvalidOperationException>(() => log.AppendGroupCreated(One, LogScript.Voters(1)));
        Assert.Throws<InvalidOperationException>(() => log.AppendEntries(One, [LogScript.Entry(4, 2)]));
        Assert.Throws<InvalidOperationException>(() => log.AppendEntries(One, [LogScript.Entry(1, 2)]));
        Assert.Throws<InvalidOperationException>(() => log.AppendEntries(One, [LogScript.Entry(3, 1)]));
        Assert.Throws<InvalidOperationException>(() => log.AppendEntries(One, [LogScript.Entry(3, 2), LogScript.Entry(5, 2)]));
        Assert.Throws<InvalidOperationException>(() => log.AppendTruncate(One, 1));
        Assert.Throws<InvalidOperationException>(() => log.AppendTruncate(One, 4));
        Assert.Throws<InvalidOperationException>(() => log.AppendHardState(One, 1, 0, 0));
        Assert.Throws<InvalidOperationException>(() => log.AppendHardState(One, 2, 1, 0));
        Assert.True(log.Flush().IsDurable);
        log.Dispose();

        using var again = Open(out var opening);
        Assert.Equal([LogScript.Entry(2, 2)], opening.Groups[0].Entries);
    }

    [Fact]
    public void More_pending_than_allowed_is_refused_before_it_is_taken()
    {
        using var log = Open(out _, LogScript.Options with { PendingBytesMax = 1000 });
        log.AppendGroupCreated(One, LogScript.Voters(1));
        log.AppendEntries(One, [LogScript.Entry(1, 1, 2000)]);

        var error = Assert.Throws<InvalidOperationException>(() => log.AppendEntries(One, [LogScript.Entry(2, 1)]));
        Assert.Contains(nameof(WalOptions.PendingBytesMax), error.Message, StringComparison.Ordinal);
        Assert.True(log.Flush().IsDurable);
        log.AppendEntries(One, [LogScript.Entry(2, 1)]);
        Assert.True(log.Flush().IsDurable);
    }

    [Fact]
    public void A_batch_larger_than_a_segment_gets_a_larger_segment()
    {
        using (var log = Open(out _))
        {
            log.AppendGroupCreated(One, LogScript.Voters(1));
            log.AppendEntries(One, [LogScript.Entry(1, 1, 50_000)]);
            Assert.True(log.Flush().IsDurable);
        }

        using var again = Open(out var opening);
        Assert.Equal(50_000, opening.Groups[0].Entries[0].Data.Length);
    }

    [Fact]
    public void Segments_go_when_no_group_needs_their_entries_and_not_before()
    {
        using (var log = Open(out _))
        {
            log.AppendGroupCreated(One, LogScript.Voters(1));
            log.AppendGroupCreated(Two, LogScript.Voters(2));
            log.AppendHardState(Two, 9, 4, 0);
            log.AppendEntries(Two, [LogScript.Entry(1, 1)]);
            Fill(log, One, 1, 100);
            Assert.True(log.Segments > 3);
            var full = log.TotalBytes;

            log.AppendSnapshotMark(One, 100, 1, LogScript.Voters(1));
            log.Flush();
            Assert.Equal(full, log.TotalBytes);
            Assert.Equal([Two], log.GroupsPinningOldest());
            Assert.Equal([Two], log.GroupsPinningOldest(100));

            log.AppendSnapshotMark(Two, 1, 1, LogScript.Voters(2));
            log.Flush();
            Assert.Equal(1, log.Segments);
            Assert.Empty(log.GroupsPinningOldest());
            Assert.Equal(disk.UsedBytes, log.TotalBytes);
        }

        using var again = Open(out var opening);
        Assert.Equal((9UL, 4U, 1UL), (opening.Groups[1].Term, opening.Groups[1].Vote, opening.Groups[1].SnapshotIndex));
        Assert.Equal(100UL, opening.Groups[0].LastIndex);
    }

    [Fact]
    public void The_removal_and_the_truncation_of_a_lagging_group_free_segments_too()
    {
        using var log = Open(out _);
        log.AppendGroupCreated(One, LogScript.Voters(1));
        log.AppendGroupCreated(Two, LogScript.Voters(2));
        log.AppendEntries(One, [LogScript.Entry(1, 1)]);
        log.AppendEntries(Two, [LogScript.Entry(1, 1), LogScript.Entry(2, 1)]);
        Fill(log, One, 2, 60);
        log.AppendSnapshotMark(One, 60, 1, LogScript.Voters(1));
        log.AppendTruncate(Two, 2);
        log.Flush();
        Assert.True(log.Segments > 1);

        log.AppendGroupRemoved(Two);
        log.Flush();
        Assert.Equal(1, log.Segments);
    }

    [Fact]
    public void Over_the_hard_bound_a_flush_is_refused_until_a_snapshot_lets_a_segment_go()
    {
        var options = LogScript.Options with { SoftBytesMax = 3 * WalOptions.SegmentBytesMin, HardBytesMax = 4 * WalOptions.SegmentBytesMin };
        using var log = Open(out _, options);
        log.AppendGroupCreated(One, LogScript.Voters(1));
        ulong index = 0;
        WalFlush result;
        do
        {
            log.AppendEntries(One, [LogScript.Entry(++index, 1, 3000)]);
            result = log.Flush();
        }
        while (result.IsDurable && index < 100);

        Assert.Equal(WalFlushStatus.DiskFull, result.Status);
        Assert.Contains(nameof(WalOptions.HardBytesMax), result.Message, StringComparison.Ordinal);
        Assert.True(log.IsOverSoftBound);
        Assert.Equal([One], log.GroupsPinningOldest());

        log.AppendSnapshotMark(One, index - 1, 1, LogScript.Voters(1));
        Assert.True(log.Flush().IsDurable);
        Assert.False(log.IsOverSoftBound);
        log.Dispose();

        using var again = Open(out var opening, options);
        Assert.Equal(index, Assert.Single(opening.Groups[0].Entries).Index);
    }

    [Fact]
    public void A_steady_append_and_flush_allocates_nothing()
    {
        using var log = Open(out _, LogScript.Options with { SegmentBytes = 4 << 20 }, new SilentDisk());
        log.AppendGroupCreated(One, LogScript.Voters(1));
        var entries = Enumerable.Range(1, 600).Select(i => new[] { LogScript.Entry((ulong)i, 1, 100) }).ToArray();
        Step(0, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(100, 600);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                log.AppendEntries(One, entries[i]);
                log.AppendHardState(One, 1, 1, (ulong)i);
                log.Flush();
            }
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(16 * 1024 + 1)]
    public void An_option_out_of_bounds_is_refused_by_name(int segmentBytes)
    {
        var error = Assert.Throws<ArgumentException>(() => WriteAheadLog.Open(disk, new WalOptions { SegmentBytes = segmentBytes }, LogScript.Node));
        Assert.Contains(nameof(WalOptions.SegmentBytes), error.Message, StringComparison.Ordinal);
    }

    private static void Fill(WriteAheadLog log, ShardId group, ulong first, ulong last)
    {
        for (var index = first; index <= last; index++)
        {
            log.AppendEntries(group, [LogScript.Entry(index, 1, 900)]);
            Assert.True(log.Flush().IsDurable);
        }
    }

    private WriteAheadLog Open(out WalOpening opening, WalOptions? options = null, IDisk? on = null)
    {
        opening = WriteAheadLog.Open(on ?? disk, options ?? LogScript.Options, LogScript.Node);
        return opening.Log;
    }
}
