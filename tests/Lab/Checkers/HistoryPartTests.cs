using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>A history of several workloads side by side is judged by a promise about one of them; what no promise knows is never left out in silence.</summary>
public sealed class HistoryPartTests
{
    private static readonly IChecker Registers = CheckerCatalog.Find("register")!.Create(CheckLimits.Default, TimeProvider.System);

    private static readonly Operation Write = new(0, "write", "kv0:r", ["1"], 1, 2, Outcome.Ok);

    [Fact]
    public void Keys_of_another_workload_are_left_out_and_counted_those_that_were_only_read_among_them()
    {
        var part = HistoryPart.Of(new History([Write, new(1, "add", "set1:a", ["1"], 1, 2, Outcome.Ok), new(1, "read", "set1:b", [], 3, 4, Outcome.Ok, "[]")], [], [7, 8, 9]), Registers);

        Assert.Equal([Write], part.Part.Operations);
        Assert.Equal([7], part.Part.Lines);
        Assert.Equal(2, part.LeftOut);
    }

    [Fact]
    public void An_operation_that_no_promise_knows_stays_in_to_be_refused()
    {
        var part = HistoryPart.Of(new History([Write, new(1, "frobnicate", "x:s", ["1"], 1, 2, Outcome.Ok)], []), Registers);

        Assert.Equal((2, 0), (part.Part.Operations.Count, part.LeftOut));
    }

    [Fact]
    public void A_misfit_on_a_key_that_the_promise_is_about_stays_in()
    {
        var part = HistoryPart.Of(new History([Write, new(1, "enqueue", "kv0:q", ["1"], 3, 4, Outcome.Ok)], []), Registers);

        Assert.Equal((2, 0), (part.Part.Operations.Count, part.LeftOut));
    }

    [Fact]
    public void Keys_that_tell_no_workload_are_never_left_out()
    {
        var part = HistoryPart.Of(new History([new(0, "write", "r", ["1"], 1, 2, Outcome.Ok), new(1, "add", "s", ["1"], 1, 2, Outcome.Ok)], []), Registers);

        Assert.Equal((2, 0), (part.Part.Operations.Count, part.LeftOut));
    }

    [Fact]
    public void Where_nothing_would_be_left_nothing_is_left_out()
    {
        var part = HistoryPart.Of(new History([new(1, "enqueue", "queue:q", ["1"], 3, 4, Outcome.Ok)], []), Registers);

        Assert.Equal((1, 0), (part.Part.Operations.Count, part.LeftOut));
    }
}
