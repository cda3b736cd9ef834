using Cluster.Engine.Port;
using Cluster.Modes.Saga;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Tests.Saga;

/// <summary>The courses of an order as one would draw them on a board: what is asked of whom, and what goes into the log.</summary>
public class SagaCoreTests
{
    private static readonly SagaRecord Begun = new("o", SagaStyle.Orchestrated, new Order("o", "tea", 2, "ann", 500, "post"), SagaPhase.Forward, 0, "n1", 0, 1_000, 0, 0, null, []);

    [Fact]
    public void All_goes_well() => Golden(null, """
        log SagaStarted
        Take Stock
        log StepCompleted
        Take Payment
        log StepCompleted
        Take Shipping
        Settle Stock
        log StepCompleted StepCompleted SagaEnded
        """);

    [Fact]
    public void The_carrier_refuses_and_the_steps_are_undone_in_reverse() => Golden(Participant.Shipping, """
        log SagaStarted
        Take Stock
        log StepCompleted
        Take Payment
        log StepCompleted
        Take Shipping
        log StepFailed
        GiveBack Payment
        log StepCompensated
        GiveBack Stock
        log StepCompensated SagaEnded
        """);

    [Fact]
    public void What_was_refused_first_leaves_nothing_to_undo() => Golden(Participant.Stock, """
        log SagaStarted
        Take Stock
        log StepFailed SagaEnded
        """);

    [Fact]
    public void Of_a_choreographed_order_the_log_knows_only_the_two_ends() => Golden(Participant.Shipping, """
        log SagaStarted
        Take Stock
        Take Payment
        Take Shipping
        GiveBack Payment
        GiveBack Stock
        log SagaEnded
        """, SagaStyle.Choreographed);

    [Fact]
    public void A_step_whose_deadline_passes_is_undone_itself_since_it_may_have_happened()
    {
        var waiting = Begun with { Step = 1 };
        var back = Apply(waiting, new SagaReport("o", 1, SagaFinding.Expired, 1));

        Assert.Equal((SagaPhase.Backward, 1), (back.Phase, back.Step));
        Assert.Equal(new GiveBack("o", Content: Begun.Order.Content), SagaCore.Next(OrderSaga.Definition, back)!.Command);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void From_the_pivot_on_no_deadline_turns_it_back(int step)
    {
        var waiting = Begun with { Step = step };

        Assert.Empty(SagaCore.Judge(OrderSaga.Definition, waiting, new SagaReport("o", step, SagaFinding.Expired, 1), 99_999));
    }

    [Fact]
    public void A_step_that_must_succeed_is_asked_again_when_it_is_refused()
    {
        var last = Begun with { Step = 3 };

        Assert.Null(SagaCore.Read(OrderSaga.Definition, last, new EntityRefused("saga-stock", "tea", "not now"), 1));
        Assert.Empty(SagaCore.Judge(OrderSaga.Definition, last, new SagaReport("o", 3, SagaFinding.Refused, 1), 0));
    }

    [Fact]
    public void Past_its_deadline_no_further_step_before_the_pivot_is_begun()
    {
        var back = Apply(Begun, new SagaReport("o", 0, SagaFinding.Done, 1), now: 1_001);

        Assert.Equal((SagaPhase.Backward, 0), (back.Phase, back.Step));
    }

    [Theory]
    [InlineData(0, SagaFinding.Done)]
    [InlineData(2, SagaFinding.Done)]
    [InlineData(1, SagaFinding.Undone)]
    public void A_report_of_another_step_or_direction_changes_nothing(int step, SagaFinding finding) =>
        Assert.Empty(SagaCore.Judge(OrderSaga.Definition, Begun with { Step = 1 }, new SagaReport("o", step, finding, 1), 0));

    [Fact]
    public void What_has_ended_stays_ended()
    {
        var ended = Begun with { Phase = SagaPhase.Completed, Step = 4 };

        Assert.Null(SagaCore.Next(OrderSaga.Definition, ended));
        Assert.Null(SagaCore.Read(OrderSaga.Definition, ended, new LedgerEntry("o", EntryState.Taken, 1, 0), 1));
        Assert.All(Enum.GetValues<SagaFinding>(), finding => Assert.Empty(SagaCore.Judge(OrderSaga.Definition, ended, new SagaReport("o", 4, finding, 1), 0)));
    }

    /// <summary>Stock is sold by the last step alone, so an order that is begun again, and given up at once, is found to be complete whichever way it goes.</summary>
    [Theory]
    [InlineData(SagaPhase.Forward)]
    [InlineData(SagaPhase.Backward)]
    public void What_stock_knows_as_sold_is_complete(SagaPhase phase)
    {
        var begun = Begun with { Phase = phase };
        var report = SagaCore.Read(OrderSaga.Definition, begun, new LedgerEntry("o", EntryState.Settled, 2, 0), 1)!;

        Assert.Equal(SagaPhase.Completed, Apply(begun, report).Phase);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Only_past_the_pivot_the_next_step_does_not_wait_for_the_log(int step, bool ahead)
    {
        var saga = Begun with { Step = step };
        var done = new SagaReport("o", step, SagaFinding.Done, 1);

        Assert.Equal(ahead, SagaCore.Ahead(OrderSaga.Definition, saga, done) is not null);
        Assert.Null(SagaCore.Ahead(OrderSaga.Definition, saga, done with { Finding = SagaFinding.Refused }));
    }

    private static SagaRecord Apply(SagaRecord saga, SagaReport report, long now = 0) =>
        SagaCore.Judge(OrderSaga.Definition, saga, report, now).Aggregate(saga, (state, happened) => SagaCore.Apply(OrderSaga.Definition, state, happened));

    private static void Golden(Participant? failAt, string course, SagaStyle style = SagaStyle.Orchestrated)
    {
        var world = new SagaWorld(new Order("o", "tea", 2, "ann", 500, "post", failAt), style);
        world.Begin();

        Assert.Equal(course.ReplaceLineEndings("\n"), world.Course);
    }
}
