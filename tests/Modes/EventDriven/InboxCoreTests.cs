using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.EventDriven;

namespace Cluster.Modes.Tests.EventDriven;

/// <summary>The idempotent consumer: whatever comes again, the effect is one.</summary>
public class InboxCoreTests
{
    private readonly InboxCore core = new();
    private InboxState state = new InboxCore().Empty;

    [Fact]
    public void What_is_delivered_again_has_no_second_effect()
    {
        Assert.Equal(InboxOutcome.Handled, Do(new Handle("a", 3, 10, 1, 0)));
        Assert.Equal(InboxOutcome.Repeated, Do(new Handle("a", 3, 10, 1, 0)));
        Assert.Equal((10m, 1L), (state.Total, state.Count));
    }

    [Fact]
    public void What_is_published_again_by_its_id_has_no_second_effect_either()
    {
        Do(new Handle("a", 3, 10, 1, 0));

        Assert.Equal(InboxOutcome.Repeated, Do(new Handle("a", 9, 10, 1, 0)));
        Assert.Equal(InboxOutcome.Handled, Do(new Handle("b", 10, 5, 1, 0)));
        Assert.Equal(15, state.Total);
    }

    [Fact]
    public void An_event_that_comes_late_after_one_of_its_key_has_passed_it_is_not_handled() // A consumer that was replaced is still at it.
    {
        Do(new Handle("b", 5, 1, 1, 0));

        Assert.Equal(InboxOutcome.Repeated, Do(new Handle("a", 4, 1, 1, 0)));
    }

    [Fact]
    public void A_dead_letter_that_is_sent_again_is_not_buried_by_whoever_delivers_the_old_event_once_more()
    {
        Do(new GiveUp("a", 3));
        Assert.Equal(InboxOutcome.GivenUp, Do(new Handle("a", 3, 10, 1, 9)));

        Do(new LetGo(3));

        Assert.Equal(InboxOutcome.Repeated, Do(new Handle("a", 3, 10, 1, 9)));
        Assert.Equal(InboxOutcome.Handled, Do(new Handle("a", 7, 10, 1, 0)));
        Assert.Equal((10m, 1L), (state.Total, state.Count));
    }

    [Fact]
    public void An_event_that_was_published_twice_is_one_dead_letter()
    {
        Do(new GiveUp("a", 3));
        Assert.Equal(InboxOutcome.Repeated, Do(new Handle("a", 4, 10, 1, 9)));
        Assert.Equal(InboxOutcome.Repeated, Do(new GiveUp("a", 4)));

        Do(new LetGo(3));
        Assert.Equal(InboxOutcome.Handled, Do(new Handle("a", 7, 10, 1, 0)));
        Assert.Equal(InboxOutcome.Repeated, Do(new GiveUp("a", 4)));
    }

    [Fact]
    public void A_handler_that_fails_changes_nothing_until_the_attempt_that_does_not()
    {
        Assert.Equal(InboxOutcome.Failed, Do(new Handle("a", 0, 1, 1, 2)));
        Assert.Equal(InboxOutcome.Failed, Do(new Handle("a", 0, 1, 2, 2)));
        Assert.Equal(0, state.Count);
        Assert.Equal(InboxOutcome.Handled, Do(new Handle("a", 0, 1, 3, 2)));
    }

    [Fact]
    public void An_amount_that_the_total_cannot_hold_is_a_failure_of_its_event_and_none_of_its_key()
    {
        Do(new Handle("a", 0, decimal.MaxValue, 1, 0));

        Assert.Equal(InboxOutcome.Failed, Do(new Handle("b", 1, decimal.MaxValue, 1, 0)));
        Assert.Equal(InboxOutcome.GivenUp, Do(new GiveUp("b", 1)));
        Assert.Equal(InboxOutcome.Handled, Do(new Handle("c", 2, -1, 1, 0)));
        Assert.Equal(decimal.MaxValue - 1, state.Total);
    }

    [Fact]
    public void Whoever_asks_about_an_event_that_was_given_up_buries_it_and_nobody_handles_it()
    {
        Assert.Equal(InboxOutcome.GivenUp, Do(new GiveUp("a", 4)));
        Assert.Equal(InboxOutcome.GivenUp, Do(new GiveUp("a", 4)));
        Assert.Equal(InboxOutcome.GivenUp, Do(new Handle("a", 4, 1, 1, 0)));
        Do(new LetGo(4));
        Assert.Equal(InboxOutcome.Handled, Do(new Handle("a", 8, 1, 1, 0))); // It was sent again.
    }

    [Fact]
    public void An_event_that_was_handled_meanwhile_is_not_given_up()
    {
        Do(new Handle("a", 4, 1, 1, 0));

        Assert.Equal(InboxOutcome.Repeated, Do(new GiveUp("a", 4)));
    }

    [Fact]
    public void Its_memory_is_bounded()
    {
        for (ulong offset = 0; offset < InboxCore.RememberedIds + 10; offset++)
        {
            Do(new Handle($"e{offset}", offset, 1, 1, 0));
        }

        Assert.Equal(InboxCore.RememberedIds, state.Handled.Count);
        Assert.Equal(InboxCore.RememberedIds + 10, state.Count);
    }

    private InboxOutcome Do(InboxCommand command)
    {
        var decided = core.Decide(state, command, new EntityContext("s/k", DateTimeOffset.UnixEpoch));
        state = decided.Events.Aggregate(state, core.Apply);
        if (state.Count < 20)
        {
            state = JsonSerializer.Deserialize(JsonSerializer.Serialize(state, EventDrivenJson.Default.InboxState), EventDrivenJson.Default.InboxState)!;
        }

        return ((InboxReply)decided.Reply!).Outcome;
    }
}
