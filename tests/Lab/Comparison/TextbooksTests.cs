using Cluster.Lab.Comparison;
using Cluster.Shared.Http;

namespace Cluster.Lab.Tests.Comparison;

/// <summary>An adjective beside a measurement: where they contradict each other, it is said.</summary>
public sealed class TextbooksTests
{
    private static readonly TextbookView Strong = new("linear", "strong", "majority", "low", "a book");

    [Fact]
    public void What_is_measured_as_it_is_printed_agrees()
    {
        var mode = Mode(Strong, "linearizable", stale: 0, struck: 0, others: 1, three: 1000, five: 1600);
        Assert.All(Remarks(mode).Where(remark => remark.Column != "latency"), remark => Assert.True(remark.Agrees, remark.Measured));
    }

    [Fact]
    public void Stale_reads_contradict_strong() => Assert.False(Remark("consistency", Mode(Strong, "eventual", stale: 0.1, struck: 0, others: 1)).Agrees);

    [Fact]
    public void That_no_read_was_stale_does_not_contradict_eventual() =>
        Assert.Null(Remark("consistency", Mode(Strong with { Consistency = "eventual" }, "linearizable", stale: 0, struck: 1, others: 1)).Agrees);

    [Theory]
    [InlineData("majority", 0.9, 1.0, false)]
    [InlineData("majority", 0.1, 1.0, true)]
    [InlineData("all sides", 0.9, 1.0, true)]
    [InlineData("all sides", 0.0, 1.0, false)]
    [InlineData("none", 0.4, 0.0, true)]
    public void Availability_is_judged_by_what_each_side_served(string printed, double struck, double others, bool agrees) =>
        Assert.Equal(agrees, Remark("availability", Mode(Strong with { Availability = printed }, "linearizable", 0, struck, others)).Agrees);

    [Fact]
    public void That_nodes_of_one_machine_do_not_scale_proves_nothing() =>
        Assert.Null(Remark("scalability", Mode(Strong, "linearizable", 0, 0, 1, three: 1000, five: 900)).Agrees);

    [Fact]
    public void A_latency_is_high_or_low_beside_the_others()
    {
        var (quick, usual, slow) = (Mode(Strong, "linearizable", 0, 0, 1, write: 1), Mode(Strong with { Latency = "medium" }, "linearizable", 0, 0, 1, write: 4), Mode(Strong, "linearizable", 0, 0, 1, write: 9));
        ModeComparison[] all = [quick, usual, slow];
        Assert.True(Textbooks.Remarks(quick, all).Single(remark => remark.Column == "latency").Agrees);
        Assert.True(Textbooks.Remarks(usual, all).Single(remark => remark.Column == "latency").Agrees);
        Assert.False(Textbooks.Remarks(slow, all).Single(remark => remark.Column == "latency").Agrees);
    }

    private static TextbookRemark Remark(string column, ModeComparison mode) => Remarks(mode).Single(remark => remark.Column == column);

    private static IReadOnlyList<TextbookRemark> Remarks(ModeComparison mode) => Textbooks.Remarks(mode, [mode]);

    private static ModeComparison Mode(TextbookView printed, string found, double stale, double struck, double others, double three = 1000, double five = 1500, double write = 2) =>
        new("a-mode", "a claim", "linearizable", printed, "holds")
        {
            Loads = [new LoadMeasure(3, three, 1, 2, write, 2 * write, 0), new LoadMeasure(5, five, 1, 2, write, 2 * write, 0)],
            Faults = [new FaultMeasure("cut a node off", "n3", 4, struck, others, 0)],
            Safety = new SafetyMeasure(100, 50, 0, stale, 1, 2, 0, found, null),
        };
}
