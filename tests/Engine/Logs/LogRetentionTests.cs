using Cluster.Engine.Logs;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

/// <summary>What goes in time, and that nothing else does.</summary>
public class LogRetentionTests
{
    private readonly ReplicatedLog log = new();

    [Fact]
    public void Records_go_by_age_from_the_front_and_an_offset_below_is_out_of_range()
    {
        log.Do(Configure(LogCleanup.Delete, retentionMs: 1_000));
        log.Do(Append("a", "b"));
        log.NowMs += 600;
        log.Do(Append("c"));
        log.Do(Append("d"));
        log.NowMs += 600;

        Assert.Equal(1, log.DoDue());

        var gone = log.Fetch(P, 1);
        Assert.Equal((LogStatus.OutOfRange, 2ul, 4ul), (gone.Status, gone.Start, gone.End));
        Assert.StartsWith("offset out of range", gone.Detail, StringComparison.Ordinal);
        Assert.Equal([2ul, 3ul], log.Read(P, 2).Select(record => record.Offset));
        Assert.Equal(LogStatus.OutOfRange, log.Fetch(P, 5).Status);
        Assert.Equal(LogStatus.Ok, log.Fetch(P, 4).Status);
    }

    [Fact]
    public void Records_go_by_size_and_the_newest_batch_stays()
    {
        log.Do(Configure(LogCleanup.Delete, retentionBytes: 2_000));
        for (var i = 0; i < 10; i++)
        {
            log.Do(Append(new string('x', 400)));
        }

        log.DoDue();
        Assert.InRange(log.Leader.StateBytes, 1_200, 2_000);

        log.Do(Append(new string('x', 5_000)));
        log.DoDue();
        Assert.Equal(10ul, Assert.Single(log.Read(P, 10)).Offset);
    }

    [Fact]
    public void Offsets_and_producers_outlive_their_records()
    {
        log.Do(Configure(LogCleanup.Delete, retentionMs: 10));
        log.Do(Produce("p", 0, 0, "a"));
        log.Do(Append("b"));
        log.NowMs += 1_000;
        log.DoDue();
        log.Restore();

        Assert.True(log.Do(Produce("p", 0, 0, "a")).Steps[0].Duplicate);
        Assert.Equal(2ul, log.Do(Append("c")).Steps[0].Offset);
    }

    [Fact]
    public void Compaction_keeps_the_last_of_each_key_at_its_offset()
    {
        log.Do(Configure(LogCleanup.Compact));
        FillCompacted(keys: 10, records: 3_000, out var last);

        Assert.True(log.DoDue() > 1, "a long compaction goes step by step");

        // What has come since the pass began is for the next one.
        Assert.Equal(last, Table(log.Read(P)));
        Assert.Equal(10, log.Read(P).Count);
        Assert.Equal(3_000ul, log.Fetch(P, 0).End);
        Assert.Equal(log.Read(P).Select(record => record.Offset).Order(), log.Read(P).Select(record => record.Offset));
        Assert.Equal(0, log.DoDue());
    }

    [Fact]
    public void A_tombstone_takes_its_key_with_it_and_goes_when_it_is_old()
    {
        log.Do(Configure(LogCleanup.Compact, retentionMs: 1_000));
        FillCompacted(keys: 3, records: 2_000, out _);
        log.Do(Keyed("k1", null));
        log.DoDue();
        FillCompacted(keys: 1, records: 2_000, out _);
        log.DoDue();
        Assert.Contains(log.Read(P), record => record.Key.ToStringUtf8() == "k1" && !record.HasValue);
        Assert.DoesNotContain(log.Read(P), record => record.Key.ToStringUtf8() == "k1" && record.HasValue);

        log.NowMs += 10_000;
        FillCompacted(keys: 1, records: 2_000, out _);
        log.DoDue();
        Assert.DoesNotContain(log.Read(P), record => record.Key.ToStringUtf8() == "k1");
    }

    [Fact]
    public void A_fetch_tells_up_to_where_tombstones_are_gone_also_after_a_snapshot()
    {
        log.Do(Configure(LogCleanup.Compact, retentionMs: 1_000));
        FillCompacted(keys: 3, records: 2_000, out _);
        var at = log.Do(Keyed("k1", null)).Steps[0].Offset;
        log.DoDue();
        Assert.Equal(0ul, log.Fetch(P, 0).ForgottenTo);

        log.NowMs += 10_000;
        FillCompacted(keys: 1, records: 4_000, out _);
        log.DoDue();
        Assert.Equal(at + 1, log.Fetch(P, 0).ForgottenTo);

        log.Restore();
        Assert.Equal(at + 1, log.Fetch(P, log.Fetch(P, 0).End).ForgottenTo);
    }

    [Fact]
    public void A_tombstone_that_a_newer_record_has_replaced_is_not_forgotten_by_anybody()
    {
        log.Do(Configure(LogCleanup.Compact, retentionMs: 1_000));
        log.Do(Keyed("k0", null));
        FillCompacted(keys: 1, records: 3_000, out _);
        log.NowMs += 10_000;
        log.DoDue();

        Assert.Single(log.Read(P));
        Assert.Equal(0ul, log.Fetch(P, 0).ForgottenTo);
    }

    [Fact]
    public void A_compaction_goes_on_after_a_snapshot_where_it_was_and_ends_the_same()
    {
        log.Do(Configure(LogCleanup.Compact));
        FillCompacted(keys: 7, records: 2_000, out var last);
        Assert.True(log.Leader.TryDecideDue(log.NowMs, 256, out var first));
        log.Leader.Proposed(9_999, first);
        log.Leader.Apply(9_999, first.Event, log.NowMs);
        log.Follower.Apply(9_999, first.Event, log.NowMs);
        log.Restore();

        log.DoDue();

        Assert.Equal(last, Table(log.Read(P)));
        Assert.Equal(7, log.Read(P).Count);
    }

    [Fact]
    public void A_partition_that_is_kept_by_key_takes_nothing_without_one_and_says_when_it_is_full()
    {
        log.Do(Configure(LogCleanup.Compact, retentionBytes: LogBounds.MinCompactBytes));

        Assert.Equal(LogStatus.Bad, log.Do(Append("a")).Status);
        Assert.Equal(LogStatus.Ok, log.Do(Keyed("a", new string('x', 100_000))).Status);
        var full = log.Do(Keyed("b", new string('x', 100_000)));
        Assert.Equal(LogStatus.Full, full.Status);
        Assert.DoesNotContain("nothing goes from it by itself", full.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void How_a_partition_is_kept_cannot_be_changed_once_it_has_records()
    {
        log.Do(Append("a"));

        Assert.Equal(LogStatus.Conflict, log.Do(Configure(LogCleanup.Compact)).Status);
        Assert.Equal(LogStatus.Ok, log.Do(Configure(LogCleanup.Delete, retentionMs: 5)).Status);
        Assert.Equal(LogStatus.Bad, log.Do(Configure(LogCleanup.Delete, retentionBytes: LogBounds.MaxRetentionBytes + 1)).Status);
    }

    private void FillCompacted(int keys, int records, out Dictionary<string, string> last)
    {
        last = [];
        for (var i = 0; i < records; i++)
        {
            last[$"k{i % keys}"] = $"{i}-{new string('x', 30)}";
            log.Do(Keyed($"k{i % keys}", last[$"k{i % keys}"]));
        }
    }

    private static Dictionary<string, string> Table(IEnumerable<LogRecord> records)
    {
        var table = new Dictionary<string, string>();
        foreach (var record in records)
        {
            table[record.Key.ToStringUtf8()] = record.Value.ToStringUtf8();
        }

        return table;
    }
}
