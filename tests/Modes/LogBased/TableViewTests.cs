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
