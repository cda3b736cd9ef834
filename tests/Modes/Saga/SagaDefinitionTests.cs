using Cluster.Modes.Saga;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Tests.Saga;

/// <summary>A saga that could end half-done is refused when it is defined, with the step that is wrong.</summary>
public class SagaDefinitionTests
{
    [Fact]
    public void The_order_can_turn_back_until_its_pivot_and_not_after()
    {
        var order = OrderSaga.Definition;

        Assert.Equal("ship", order.Steps[order.Pivot].Name);
        Assert.Equal([true, true, false, false], Enumerable.Range(0, order.Steps.Length).Select(order.MayTurnBackAt));
    }

    [Fact]
    public void A_step_before_the_pivot_without_a_compensation_is_refused()
    {
        var wrong = Assert.Throws<SagaDefinitionException>(() => new SagaDefinition("s", Step("a", SagaStepKind.Compensatable, undo: false), Step("b", SagaStepKind.Pivot)));

        Assert.Equal(("s", "a"), (wrong.Saga, wrong.Step));
        Assert.Contains("no compensation", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saga_without_a_pivot_needs_every_compensation()
    {
        Assert.Equal(2, new SagaDefinition("s", Step("a", SagaStepKind.Compensatable), Step("b", SagaStepKind.Compensatable)).Pivot);
        Assert.Equal("b", Assert.Throws<SagaDefinitionException>(() => new SagaDefinition("s", Step("a", SagaStepKind.Compensatable), Step("b", SagaStepKind.Compensatable, undo: false))).Step);
        Assert.Equal("b", Assert.Throws<SagaDefinitionException>(() => new SagaDefinition("s", Step("a", SagaStepKind.Compensatable), Step("b", SagaStepKind.Retriable))).Step);
    }

    [Fact]
    public void What_else_has_no_way_to_an_end_is_refused()
    {
        Refused("b", "one point of no return", Step("a", SagaStepKind.Pivot), Step("b", SagaStepKind.Pivot));
        Refused("b", "after the pivot", Step("a", SagaStepKind.Pivot), Step("b", SagaStepKind.Compensatable));
        Refused("a", "retried for ever", Step("a", SagaStepKind.Retriable), Step("b", SagaStepKind.Pivot));
        Refused("a", "never be used", Step("a", SagaStepKind.Pivot, undo: true));
        Refused("a", "this name", Step("a", SagaStepKind.Compensatable), Step("a", SagaStepKind.Pivot));
        Refused(null, "0 steps");
        Refused(null, "17 steps", [.. Enumerable.Range(0, 17).Select(number => Step($"s{number}", SagaStepKind.Compensatable))]);
    }

    private static void Refused(string? step, string why, params SagaStep[] steps)
    {
        var wrong = Assert.Throws<SagaDefinitionException>(() => new SagaDefinition("s", [.. steps]));
        Assert.Equal(step, wrong.Step);
        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
    }

    private static SagaStep Step(string name, SagaStepKind kind, bool? undo = null) => new(name, kind, Participant.Stock, EntryState.Taken, saga => new Settle(saga.Id))
    {
        Undo = undo ?? kind == SagaStepKind.Compensatable ? saga => new GiveBack(saga.Id) : null,
    };
}
