using Cluster.Modes.Hosting;
using Cluster.Modes.LogBased;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Modes.Tests.LogBased;

/// <summary>A view that was kept up is what one that is built anew would be.</summary>
public class TableViewTests
{
    private readonly TableView view = new("t", 0);

    [Fact]
    public void What_retention_has_taken_from_the_partition_goes_from_the_view()
    {
        view.Take(0, Reply(start: 0, (0, "a", "1"), (1, "b", "1"), (2, "c", "1")));
        view.Take(3, Reply(start: 0, (3, "a", "2"), (4, "b", null)));
        view.Take(5, Reply(start: 3, (5, "d", "1")));

        Assert.Equal(Built(3, Reply(start: 3, (3, "a", "2"), (4, "b", null), (5, "d", "1"))), Shown(view));
        Assert.Contains("\"a\":\"2\"", Shown(view), StringComparison.Ordinal);
        Assert.DoesNotContain("\"c\"", Shown(view), StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_also_when_nothing_has_come()
    {
        view.Take(0, Reply(start: 0, (0, "a", "1"), (1, "b", "1")));

        Assert.Equal(0, view.Take(2, new LogReply { Start = 1, End = 2, NextOffset = 2 }));

        Assert.DoesNotContain("\"a\"", Shown(view), StringComparison.Ordinal);
        Assert.Contains("\"b\"", Shown(view), StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_that_has_not_read_a_tombstone_which_is_gone_begins_anew()
    {
        view.Take(0, Reply(start: 0, (0, "a", "1"), (1, "b", "1")));

        var later = Reply(start: 0, (4, "c", "1"));
        later.ForgottenTo = 4; // The tombstone of b, at 3, and the record that it ended are no more.
        Assert.Equal(0, view.Take(2, later));
        Assert.Equal(0ul, view.Offset);

        var whole = Reply(start: 0, (0, "a", "1"), (4, "c", "1"));
        whole.ForgottenTo = 4;
        view.Take(0, whole);
        Assert.DoesNotContain("\"b\"", Shown(view), StringComparison.Ordinal);
        Assert.Equal(5ul, view.Offset);
    }

    [Fact]
    public void A_view_that_began_after_the_tombstones_were_gone_reads_on_page_by_page()
    {
        foreach (var (from, key) in new[] { (0ul, "a"), (1ul, "b"), (2ul, "c") })
        {
            var page = Reply(start: 0, (from, key, "1"));
            page.ForgottenTo = 3;
            Assert.Equal(1, view.Take(from, page));
        }

        Assert.Equal(3ul, view.Offset);
    }

    [Fact]
    public void A_view_that_a_replica_behind_has_fed_meanwhile_begins_anew_too()
    {
        var clean = Reply(start: 0, (0, "a", "1"));
        clean.ForgottenTo = 4;
        view.Take(0, clean);
        view.Take(1, Reply(start: 0, (1, "b", "1"), (2, "x", "1")));

        var later = Reply(start: 0, (4, "c", "1"));
        later.ForgottenTo = 4;
        view.Take(3, later);

        Assert.Equal(0ul, view.Offset);
    }

    private static string Built(ulong start, LogReply reply)
    {
        var view = new TableView("t", 0);
        view.BeginAnew(start);
        view.Take(start, reply);
        return Shown(view);
    }

    private static string Shown(TableView view) => System.Text.Encoding.UTF8.GetString(((ModeAnswer)view.Answer(new WholeTable(null!), replayed: 0)).Json!);

    private static LogReply Reply(ulong start, params (ulong Offset, string Key, string? Value)[] records)
    {
        var batch = new LogBatch();
        foreach (var (offset, key, value) in records)
        {
            var record = LogSteps.Record(key, value);
            record.Offset = offset;
            batch.Records.Add(record);
        }

        var end = records[^1].Offset + 1;
        return new LogReply { Start = start, End = end, NextOffset = end, Batches = { batch.ToByteString() } };
    }
}
