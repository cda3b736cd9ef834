using System.Text.Json;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;
using Cluster.Lab.Reports;

namespace Cluster.Lab.Tests.Reports;

/// <summary>The messages that a page shows, and the sides of partitions: bounded, and nothing of what matters left out.</summary>
public class MessageColumnsTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Columns_hold_every_message_again()
    {
        RecordedMessage[] messages =
        [
            new("n2", "n1", "AppendEntries", 2, 7, ["a", "b"], 120, 2_000_000, 2_500_000, null, "put a, put b"),
            new("n1", "n2", "Request", null, null, [], 10, 3_000_000, null, "the link is cut", "Get \"a\""),
            new("n1", "n3", "AppendReply", 0, 7, ["b"], 11, 3_000_000, 3_000_000, null, new string('x', 500)),
        ];
        var columns = Page(messages).GetProperty("messages");

        string Text(string list, string column, int row) => columns.GetProperty(list)[columns.GetProperty(column)[row].GetInt32()].GetString()!;
        Assert.Equal(["n2-n1", "n1-n2", "n1-n3"], Enumerable.Range(0, 3).Select(row => $"{Text("nodes", "from", row)}-{Text("nodes", "to", row)}"));
        Assert.Equal(["AppendEntries", "Request", "AppendReply"], Enumerable.Range(0, 3).Select(row => Text("kinds", "kind", row)));
        Assert.Equal(["", "the link is cut", ""], Enumerable.Range(0, 3).Select(row => Text("drops", "drop", row)));
        Assert.Equal("[2,-1,0][7,-1,7][2000,1000,0][500,-1,0]", string.Concat(new[] { "shard", "term", "after", "took" }.Select(name => columns.GetProperty(name).GetRawText())));
        Assert.Equal(["a b", "", "b"], Enumerable.Range(0, 3).Select(row =>
            string.Join(' ', columns.GetProperty("keysets")[columns.GetProperty("keyset")[row].GetInt32()].EnumerateArray().Select(key => columns.GetProperty("keys")[key.GetInt32()].GetString()))));
        Assert.True(Text("texts", "text", 2).Length < 200, "a long text is cut");
    }

    [Fact]
    public void Of_too_many_those_round_a_violation_and_the_rare_ones_stay_and_heartbeats_go_first()
    {
        var messages = Enumerable.Range(0, 1000).SelectMany(i => new[] { At(i, "Heartbeat"), At(i, "AppendEntries") }).Append(At(990, "RequestVote")).Append(At(980, "AppendEntries") with { DroppedBecause = "cut" }).ToList();

        var kept = MessageColumns.Choose(messages, 500, (700 * Second, 701 * Second));

        Assert.Equal(500, kept.Count);
        Assert.Equal(kept.OrderBy(message => message.SentAt), kept);
        Assert.All(Enumerable.Range(698, 6), i => Assert.Contains(kept, message => message.Kind == "AppendEntries" && message.SentAt == i * Second));
        Assert.All(Enumerable.Range(698, 6), i => Assert.Contains(kept, message => message.Kind == "Heartbeat" && message.SentAt == i * Second));
        Assert.Equal(6, kept.Count(message => message.IsHeartbeat));
        Assert.Contains(kept, message => message.Kind == "RequestVote");
        Assert.Contains(kept, message => message.DroppedBecause is not null);
        Assert.Equal(messages.Count, MessageColumns.Choose(messages, 5000, null).Count);
    }

    [Fact]
    public void Each_side_of_a_partition_has_what_was_answered_there_while_it_lasted()
    {
        var history = new History(
            [
                Asked("n1", 1, Outcome.Ok), Asked("n1", 11, Outcome.Fail), Asked("n2", 12, Outcome.Ok), Asked("n3", 13, Outcome.Ok), Asked("n1", 25, Outcome.Ok),
                Asked("n1", 31, Outcome.Info), Asked("n3", 32, Outcome.Ok),
            ],
            [new("partition", "n1 / n2,n3", 10 * Second), new("heal", "", 20 * Second), new("isolate", "n1", 30 * Second), new("kill", "n2", 30 * Second)]);

        var sides = PartitionSide.Of(FaultBand.Of(history), history.Operations);

        Assert.Equal(
            ["partition n1: Fail", "partition n2,n3: Ok Ok", "isolate n1: Info", "isolate n2,n3: Ok"],
            sides.Select(side => $"{side.Partition.Fault} {string.Join(',', side.Nodes)}: {string.Join(' ', side.Operations.Select(operation => operation.Outcome))}"));
    }

    [Fact]
    public void A_fault_that_says_what_it_ends_ends_that_and_nothing_else()
    {
        var history = new History([new(1, "read", "k", [], 0, 100, Outcome.Ok)],
        [
            new("restart", "n1", 10), new("delay", "n1", 12), new("cut", "n1 / n2", 14), new("restart", "n1", 20, "restart"), new("heal", "n1 / n2", 30, "cut"), new("heal", "n1", 40, "delay"),
        ]);

        Assert.Equal(["restart n1 10-20", "delay n1 12-40", "cut n1 / n2 14-30"], FaultBand.Of(history).Select(band => $"{band.Fault} {band.Target} {band.Start}-{band.End}"));
    }

    private static Operation Asked(string node, long second, Outcome outcome) => new((int)second, "read", "k", [], second * Second, (second * Second) + 1, outcome, null, node);

    private static RecordedMessage At(long second, string kind) => new("n1", "n2", kind, 1, 1, [], 1, second * Second, second * Second, null, "");

    private static JsonElement Page(IReadOnlyList<RecordedMessage> messages)
    {
        var page = ReportWriter.Page(new RunReport("t", Verdict.Holds, new History([], []), []) { Messages = messages });
        var data = page[(page.IndexOf("type=\"application/json\">", StringComparison.Ordinal) + 24)..];
        return JsonDocument.Parse(data[..data.IndexOf("</script>", StringComparison.Ordinal)]).RootElement;
    }
}
