using Cluster.Modes.Lock;

namespace Cluster.Modes.Tests.Lock;

/// <summary>The rules of one lock, one at a time.</summary>
public class LockCoreTests
{
    private readonly LockWorld world = new();

    [Fact]
    public void Tokens_rise_and_are_not_given_again_after_a_release()
    {
        var first = world.Do(LockWorld.Acquire("a"));
        world.Do(new Release(first.Token, null));
        var second = world.Do(LockWorld.Acquire("b"));

        Assert.Equal((1, 2), (first.Token, second.Token));
        Assert.Equal(LockOutcome.Held, second.Outcome);
    }

    [Fact]
    public void Nobody_gets_a_lock_that_is_held_and_not_over()
    {
        world.At(0, LockWorld.Acquire("a", lease: 10));

        Assert.Equal(LockOutcome.Refused, world.At(9, LockWorld.Acquire("b")).Outcome);
        Assert.Equal(LockOutcome.Held, world.At(10, LockWorld.Acquire("b")).Outcome);
        Assert.Equal(2, world.State.LastToken);
    }

    [Fact]
    public void A_renewal_starts_the_lease_anew_and_only_for_the_token_that_holds()
    {
        var held = world.At(0, LockWorld.Acquire("a", lease: 10));

        Assert.Equal(LockOutcome.Held, world.At(8, new Renew(held.Token, TimeSpan.FromSeconds(10))).Outcome);
        Assert.Equal(LockOutcome.Refused, world.At(17, LockWorld.Acquire("b")).Outcome);
        Assert.Equal("token 2 was never given: the newest is 1", world.At(17, new Renew(2, TimeSpan.FromSeconds(10))).Why);
        Assert.Equal(LockOutcome.Held, world.At(18, LockWorld.Acquire("b")).Outcome);
        Assert.Equal("token 1 has passed on: the newest is 2", world.At(18, new Renew(1, TimeSpan.FromSeconds(10))).Why);
    }

    [Fact]
    public void A_lease_that_is_over_is_neither_renewed_nor_released_though_nobody_took_it()
    {
        world.At(0, LockWorld.Acquire("a", lease: 10));

        Assert.StartsWith("token 1 holds it no more", world.At(10, new Renew(1, TimeSpan.FromSeconds(10))).Why, StringComparison.Ordinal);
        Assert.StartsWith("token 1 holds it no more", world.At(10, new Release(1, null)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_holder_enters_again_with_the_same_token_and_gives_back_as_often()
    {
        world.Do(LockWorld.Acquire("a"));
        var again = world.Do(LockWorld.Acquire("a"));

        Assert.Equal((1L, 2), (again.Token, again.Count));
        Assert.Equal(1, world.Do(new Release(1, null)).Count);
        Assert.Equal(LockOutcome.Refused, world.Do(LockWorld.Acquire("b")).Outcome);
        Assert.Equal(0, world.Do(new Release(1, null)).Count);
        Assert.Equal(2, world.Do(LockWorld.Acquire("b")).Token);
    }

    [Fact]
    public void An_acquisition_with_a_name_counts_once_and_is_given_back_once_however_often_it_is_sent()
    {
        world.Do(LockWorld.Acquire("a", attempt: "outer"));
        world.Do(LockWorld.Acquire("a", attempt: "inner"));

        Assert.Equal(2, world.Do(LockWorld.Acquire("a", attempt: "inner")).Count);
        Assert.Equal(1, world.Do(new Release(1, "inner")).Count);
        Assert.Equal(1, world.Do(new Release(1, "inner")).Count);
        Assert.Equal("held", world.Show().State);
        Assert.Equal(0, world.Do(new Release(1, "outer")).Count);
        Assert.Equal("free", world.Show().State);
    }

    [Fact]
    public void Entering_never_shortens_a_lease_and_has_a_bound()
    {
        world.At(0, LockWorld.Acquire("a", lease: 100));
        Assert.Equal(TimeSpan.FromSeconds(99), world.At(1, LockWorld.Acquire("a", lease: 10)).Left);
        for (var count = 3; count <= LockCore.MaxCount; count++)
        {
            Assert.Equal(count, world.Do(LockWorld.Acquire("a")).Count);
        }

        Assert.Equal(LockOutcome.Refused, world.Do(LockWorld.Acquire("a")).Outcome);
    }

    [Fact]
    public void Who_is_inside_renews_for_less_and_does_not_shorten_what_the_one_outside_was_promised()
    {
        world.At(0, LockWorld.Acquire("a", lease: 60, attempt: "outer"));
        world.At(1, LockWorld.Acquire("a", lease: 10, attempt: "inner"));

        Assert.Equal(TimeSpan.FromSeconds(56), world.At(4, new Renew(1, TimeSpan.FromSeconds(10))).Left);
        world.At(5, new Release(1, "inner"));
        Assert.Equal(TimeSpan.FromSeconds(10), world.At(6, new Renew(1, TimeSpan.FromSeconds(10))).Left);
    }

    [Fact]
    public void An_acquisition_that_was_released_is_late_when_it_comes_again_and_its_release_stays_done()
    {
        world.Do(LockWorld.Acquire("a", attempt: "one"));
        world.Do(new Release(1, "one"));

        Assert.Contains("released or withdrawn", world.Do(LockWorld.Acquire("a", keep: 10, attempt: "one")).Why, StringComparison.Ordinal);
        Assert.Equal("free", world.Show().State);
        Assert.Equal((LockOutcome.Released, 0), (world.Do(new Release(1, "one")).Outcome, world.Do(new Release(1, "one")).Count));
        Assert.Equal(2, world.Do(LockWorld.Acquire("a", attempt: "two")).Token);
        Assert.Equal(LockOutcome.Released, world.Do(new Release(1, "one")).Outcome);
        Assert.Equal("held", world.Show().State);
    }

    [Fact]
    public void An_acquisition_that_comes_again_after_its_lease_is_not_granted_anew_and_was_not_released()
    {
        world.At(0, LockWorld.Acquire("a", attempt: "outer"));
        world.At(0, LockWorld.Acquire("a", attempt: "inner"));

        Assert.Contains("lease is over", world.At(11, LockWorld.Acquire("a", attempt: "outer")).Why, StringComparison.Ordinal);
        Assert.Equal(LockOutcome.Refused, world.Do(LockWorld.Acquire("a", keep: 10, attempt: "inner")).Outcome);
        Assert.Equal("free", world.Show().State);
        Assert.Equal(LockOutcome.Refused, world.Do(new Release(1, "outer")).Outcome);
        Assert.Equal(2, world.Do(LockWorld.Acquire("a", attempt: "new")).Token);
    }

    [Fact]
    public void Whoever_withdraws_an_acquisition_gives_back_a_grant_that_it_never_heard_of()
    {
        world.Do(LockWorld.Acquire("a", attempt: "lost"));
        world.Do(LockWorld.Acquire("b", keep: 10));

        Assert.Equal((LockOutcome.Withdrawn, "/user/b"), (world.Do(new Withdraw("a", "lost")) is var gone ? gone.Outcome : default, gone.Next));
        Assert.Equal(2, world.Do(LockWorld.Acquire("b")).Token);
        Assert.Equal(LockOutcome.Withdrawn, world.Do(new Withdraw("a", "lost")).Outcome);
        Assert.Equal("b", world.Show().Session);
    }

    [Fact]
    public void A_withdrawn_acquisition_takes_only_itself_out_of_a_lock_that_its_session_has_entered_twice()
    {
        world.Do(LockWorld.Acquire("a", attempt: "outer"));
        world.Do(LockWorld.Acquire("a", attempt: "inner"));

        world.Do(new Withdraw("a", "inner"));
        Assert.Equal(("held", 1), (world.Show().State, world.Show().Count));
        world.Do(new Withdraw("b", "outer"));
        Assert.Equal("a", world.Show().Session);
    }

    [Fact]
    public void An_acquisition_that_arrives_after_it_was_withdrawn_comes_to_nothing()
    {
        Assert.Equal(LockOutcome.Withdrawn, world.Do(new Withdraw("a", "late")).Outcome);

        Assert.Equal(LockOutcome.Refused, world.Do(LockWorld.Acquire("a", keep: 10, attempt: "late")).Outcome);
        Assert.Equal(1, world.Do(LockWorld.Acquire("b", attempt: "other")).Token);
    }

    /// <summary>A name is the session's own: what one has withdrawn is not what another one holds.</summary>
    [Fact]
    public void Two_sessions_may_use_one_name()
    {
        var held = world.Do(LockWorld.Acquire("b", attempt: "x")).Token;
        world.Do(LockWorld.Acquire("a", keep: 10, attempt: "x"));
        world.Do(new Withdraw("a", "x"));

        Assert.Equal((LockOutcome.Released, 0), world.Do(new Release(held, "x")) is var released ? (released.Outcome, released.Count) : default);
        Assert.Equal("free", world.Show().State);
        Assert.Equal(LockOutcome.Held, world.Do(LockWorld.Acquire("c", attempt: "x")).Outcome);
        Assert.Equal((LockOutcome.Released, 0), world.Do(new Release(held, "x")) is var again ? (again.Outcome, again.Count) : default);
        Assert.Equal("held", world.Show().State);
        Assert.Equal(LockOutcome.Refused, world.Do(LockWorld.Acquire("b", attempt: "x")).Outcome);
    }

    [Fact]
    public void Whoever_goes_on_waiting_at_a_place_that_was_withdrawn_gets_neither_place_nor_lock()
    {
        world.Do(LockWorld.Acquire("a"));
        var waits = world.Do(LockWorld.Acquire("b", keep: 10)).Ticket;
        Assert.Equal(1, world.Do(LockWorld.Acquire("b", keep: 10) with { Ticket = waits }).Place);
        world.Do(new Withdraw("b"));

        Assert.Contains("is gone", world.Do(LockWorld.Acquire("b", keep: 10) with { Ticket = waits }).Why, StringComparison.Ordinal);
        world.Do(new Release(1, null));
        Assert.Contains("is gone", world.Do(LockWorld.Acquire("b", keep: 10) with { Ticket = waits }).Why, StringComparison.Ordinal);
        Assert.Equal("free", world.Show().State);
    }

    [Fact]
    public void Of_the_acquisitions_that_have_ended_the_newest_are_remembered()
    {
        for (var number = 0; number <= LockCore.MaxClosed; number++)
        {
            world.Do(LockWorld.Acquire("a", attempt: $"n{number}"));
            world.Do(new Release(world.State.LastToken, $"n{number}"));
        }

        Assert.Equal(LockCore.MaxClosed, world.State.Closed.Length);
        Assert.Equal(LockOutcome.Held, world.Do(LockWorld.Acquire("a", attempt: "n0")).Outcome);
    }

    [Fact]
    public void After_a_lease_that_ended_nobody_gets_the_lock_for_its_delay_and_after_a_release_at_once()
    {
        world.At(0, LockWorld.Acquire("a", lease: 10, delay: 5));

        Assert.Contains("(lock delay)", world.At(14, LockWorld.Acquire("b")).Why, StringComparison.Ordinal);
        Assert.Contains("(lock delay)", world.At(14, LockWorld.Acquire("a")).Why, StringComparison.Ordinal);
        Assert.Equal("delayed", world.Show().State);
        Assert.Equal(LockOutcome.Held, world.At(15, LockWorld.Acquire("b", lease: 10, delay: 5)).Outcome);
        world.At(16, new Release(2, null));
        Assert.Equal(LockOutcome.Held, world.At(16, LockWorld.Acquire("a")).Outcome);
    }

    [Fact]
    public void The_delay_counts_from_the_end_of_the_lease_and_not_from_when_somebody_noticed()
    {
        world.At(0, LockWorld.Acquire("a", lease: 10, delay: 5));

        Assert.Equal(LockOutcome.Held, world.At(60, LockWorld.Acquire("b")).Outcome);
    }

    [Fact]
    public void Whoever_came_first_is_granted_first_and_nobody_overtakes()
    {
        world.At(0, LockWorld.Acquire("a"));
        Assert.Equal(1, world.At(1, LockWorld.Acquire("b", keep: 30)).Place);
        Assert.Equal(2, world.At(2, LockWorld.Acquire("c", keep: 30)).Place);

        Assert.Equal("/user/b", world.At(3, new Release(1, null)).Next);
        Assert.Equal(2, world.At(3, LockWorld.Acquire("c", keep: 30)).Place);
        Assert.Contains("b is next, of 2 that wait", world.At(3, LockWorld.Acquire("d")).Why, StringComparison.Ordinal);
        Assert.Equal("reserved", world.Show().State);
        Assert.Equal(2, world.At(4, LockWorld.Acquire("b")).Token);
        Assert.Equal("c", Assert.Single(world.State.Queue).Session);
    }

    [Fact]
    public void A_waiter_that_is_silent_loses_its_place_and_the_next_is_woken()
    {
        world.At(0, LockWorld.Acquire("a"));
        world.At(1, LockWorld.Acquire("b", keep: 5));
        world.At(2, LockWorld.Acquire("c", keep: 30));
        world.At(3, new Release(1, null));

        var waits = world.At(5, LockWorld.Acquire("c", keep: 30));
        Assert.Equal((2, TimeSpan.FromSeconds(1)), (waits.Place, waits.Left));
        Assert.Equal("/user/c", world.At(6, new NoteTime()).Next);
        Assert.Equal(2, world.At(6, LockWorld.Acquire("c")).Token);
        Assert.Equal(4, world.At(7, LockWorld.Acquire("b", keep: 5)).Ticket);
    }

    [Fact]
    public void A_sign_of_life_keeps_the_place_and_costs_a_log_entry_only_when_half_of_it_is_gone()
    {
        world.At(0, LockWorld.Acquire("a", lease: 100));
        world.At(0, LockWorld.Acquire("b", keep: 10));
        var before = world.State;

        world.At(4, LockWorld.Acquire("b", keep: 10));
        Assert.Equal(before.Queue[0], world.State.Queue[0]);
        world.At(6, LockWorld.Acquire("b", keep: 10));
        Assert.Equal(LockWorld.Start + TimeSpan.FromSeconds(16), world.State.Queue[0].Place.At);
    }

    [Fact]
    public void Who_withdraws_makes_room_and_who_has_no_place_is_told()
    {
        world.Do(LockWorld.Acquire("a"));
        world.Do(LockWorld.Acquire("b", keep: 10));
        world.Do(LockWorld.Acquire("c", keep: 10));
        world.Do(new Release(1, null));

        var gone = world.Do(new Withdraw("b"));
        Assert.Equal((LockOutcome.Withdrawn, "/user/c"), (gone.Outcome, gone.Next));
        Assert.Equal(LockOutcome.Refused, world.Do(new Withdraw("b")).Outcome);
    }

    [Fact]
    public void The_queue_has_a_bound()
    {
        world.Do(LockWorld.Acquire("a"));
        for (var number = 1; number <= LockCore.MaxWaiters; number++)
        {
            Assert.Equal(number, world.Do(LockWorld.Acquire($"w{number}", keep: 60)).Place);
        }

        Assert.StartsWith("256 sessions wait for it already", world.Do(LockWorld.Acquire("late", keep: 60)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leader_whose_clock_is_behind_holds_nobody_up_for_longer_than_one_lease_more()
    {
        world.At(3_600, LockWorld.Acquire("a", lease: 10, delay: 2));
        world.At(3_600, LockWorld.Acquire("b", keep: 20));

        var left = world.At(0, LockWorld.Acquire("b", keep: 20)).Left;

        Assert.Equal(TimeSpan.FromSeconds(12), left);
        Assert.Equal(LockOutcome.Waiting, world.At(11, LockWorld.Acquire("b", keep: 20)).Outcome);
        Assert.Equal(LockOutcome.Held, world.At(12, LockWorld.Acquire("b")).Outcome);
    }

    [Fact]
    public void A_leader_whose_clock_is_ahead_ends_a_lease_early_and_the_token_keeps_its_holder_out()
    {
        world.At(0, LockWorld.Acquire("a", lease: 10));
        world.Use(1, "a's");

        world.At(3_600, LockWorld.Acquire("b"));

        Assert.Null(world.Use(2, "b's"));
        Assert.NotNull(world.Use(1, "a's, late"));
        Assert.Equal("b's", world.Resource.Value);
    }

    [Theory]
    [InlineData(-5, 0, 0, "a lease is from 0.05 s to 3600 s, not -5 s")]
    [InlineData(0, 0, 0, "a lease is from 0.05 s to 3600 s, not 0 s")]
    [InlineData(3_601, 0, 0, "a lease is from 0.05 s to 3600 s, not 3601 s")]
    [InlineData(10, -1, 0, "a lock delay is from 0 to 60 s, not -1 s")]
    [InlineData(10, 0, 61, "a place in the queue is kept for 0 to 60 s, not 61 s")]
    public void Nonsense_is_refused_whoever_sends_it_and_changes_nothing(int lease, int delay, int keep, string why)
    {
        Assert.Equal(why, world.Do(LockWorld.Acquire("a", lease, delay, keep)).Why);
        Assert.Equal(LockState.Empty, world.State);
    }

    [Fact]
    public void A_lock_that_nobody_has_asked_for_is_unknown()
    {
        Assert.Equal(LockOutcome.Unknown, world.Do(new Release(1, null)).Outcome);
        Assert.Equal(LockOutcome.Unknown, world.Do(new Renew(1, TimeSpan.FromSeconds(1))).Outcome);
        Assert.Equal(LockOutcome.Unknown, world.Do(new Withdraw("a")).Outcome);
    }

    [Fact]
    public void What_time_has_done_is_shown_at_once_and_gets_its_revision_when_it_is_written_down()
    {
        world.At(0, LockWorld.Acquire("a", lease: 10));
        world.Clock = TimeSpan.FromSeconds(11);

        Assert.Equal(("free", 1L, true), (world.Show().State, world.Show().Revision, world.Show().IsDue));
        world.Do(new NoteTime());
        Assert.Equal(("free", 2L, false), (world.Show().State, world.Show().Revision, world.Show().IsDue));
    }
}
