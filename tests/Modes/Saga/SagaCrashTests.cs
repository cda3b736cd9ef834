using Cluster.Modes.Saga;
using Cluster.Modes.Shop;
using Cluster.Modes.Tests.Shop;

namespace Cluster.Modes.Tests.Saga;

/// <summary>
/// Every order ends complete or fully compensated, wherever its driver dies. Not sampled: each message of each course of an order is one at which the driver dies, in each of three ways, and
/// so does the one that takes over, at each of its own.
/// </summary>
public class SagaCrashTests(ITestOutputHelper output)
{
    public static TheoryData<SagaStyle, Participant?> Courses
    {
        get
        {
            var courses = new TheoryData<SagaStyle, Participant?>();
            foreach (var style in Enum.GetValues<SagaStyle>())
            {
                foreach (var failAt in new Participant?[] { null, Participant.Stock, Participant.Payment, Participant.Shipping })
                {
                    courses.Add(style, failAt);
                }
            }

            return courses;
        }
    }

    [Theory]
    [MemberData(nameof(Courses))]
    public void Wherever_its_driver_dies_an_order_ends_complete_or_compensated(SagaStyle style, Participant? failAt)
    {
        var deaths = 0;
        foreach (var (at, how) in Deaths.In(() => Play(style, failAt, _ => { })))
        {
            var world = Play(style, failAt, world => world.Fate = (at, how));
            world.CarryOn("n2");
            Settle(world);
            AssertEnded(world, failAt is null);
            deaths++;
        }

        output.WriteLine($"{style}, fails at {failAt}: {deaths} deaths");
        Assert.True(deaths >= 9, $"only {deaths} deaths");
    }

    [Theory]
    [MemberData(nameof(Courses))]
    public void Wherever_two_drivers_die_one_after_the_other_an_order_ends(SagaStyle style, Participant? failAt)
    {
        var deaths = 0;
        foreach (var (at, how) in Deaths.In(() => Play(style, failAt, _ => { })))
        {
            foreach (var (again, howAgain) in Deaths.In(() => Recovered(style, failAt, at, how, null)))
            {
                var world = Recovered(style, failAt, at, how, (again, howAgain));
                world.CarryOn("n3");
                Settle(world);
                AssertEnded(world, failAt is null);
                deaths++;
            }
        }

        output.WriteLine($"{style}, fails at {failAt}: {deaths} pairs of deaths");
        Assert.True(deaths >= 30, $"only {deaths} pairs");
    }

    /// <summary>The step on its way is given up and compensated, and arrives afterwards: it must find that it is too late.</summary>
    [Theory]
    [InlineData(SagaStyle.Orchestrated)]
    [InlineData(SagaStyle.Choreographed)]
    public void A_step_that_arrives_after_its_compensation_has_no_effect(SagaStyle style)
    {
        foreach (var (at, how) in Deaths.In(() => Play(style, null, _ => { })))
        {
            var world = Play(style, null, world => world.Fate = (at, how));
            world.CarryOn("n2", expires: true);
            Settle(world);
            AssertEnded(world, mayComplete: true);
        }
    }

    /// <summary>The log keeps the newest of what has ended, the ledgers all of it. Whoever places an order again that was completed long ago is told so, and nothing of it is taken back, also where it is given up half-way.</summary>
    [Theory]
    [InlineData(SagaStyle.Orchestrated, false)]
    [InlineData(SagaStyle.Orchestrated, true)]
    [InlineData(SagaStyle.Choreographed, false)]
    public void An_order_that_is_placed_again_when_its_log_has_forgotten_it_stays_complete(SagaStyle style, bool expires)
    {
        foreach (var (at, how) in Deaths.In(() => Again(style, null)))
        {
            var world = Again(style, (at, how));
            world.CarryOn("n2", expires);
            Settle(world);
            Assert.Equal([2, 500, 1], Enum.GetValues<Participant>().Select(world.HeldAt));
            Assert.True(world.Saga is null or { Phase: SagaPhase.Completed }, world.Course);
        }

        static SagaWorld Again(SagaStyle style, (int At, Death How)? fate)
        {
            var world = Play(style, null, _ => { });
            world.Forget();
            world.Fate = fate is { } death ? (world.Messages + death.At, death.How) : null;
            world.Begin();
            return world;
        }
    }

    /// <summary>The ledgers know orders by id and content: one that has the id of another, forgotten one does nothing where they meet.</summary>
    [Theory]
    [InlineData(SagaStyle.Orchestrated)]
    [InlineData(SagaStyle.Choreographed)]
    public void Another_order_under_a_forgotten_id_is_compensated_and_takes_nothing_of_the_first(SagaStyle style)
    {
        var world = Play(style, null, _ => { });
        world.Forget();
        world.Begin(new Order("o", "tea", 3, "ann", 500, "post"));

        Assert.Equal(SagaPhase.Compensated, world.Saga!.Phase);
        Assert.Equal([2, 500, 1], Enum.GetValues<Participant>().Select(world.HeldAt));
    }

    /// <summary>The impostor meets a ledger of the first order at once, or only after one that the first never saw.</summary>
    [Theory]
    [InlineData(SagaStyle.Orchestrated, "tea", "ann")]
    [InlineData(SagaStyle.Orchestrated, "salt", "ann")]
    [InlineData(SagaStyle.Orchestrated, "salt", "bob")]
    [InlineData(SagaStyle.Choreographed, "tea", "ann")]
    [InlineData(SagaStyle.Choreographed, "salt", "ann")]
    [InlineData(SagaStyle.Choreographed, "salt", "bob")]
    public void Another_order_under_a_forgotten_id_does_not_take_the_id_from_the_first(SagaStyle style, string item, string customer)
    {
        var world = Play(style, null, _ => { });
        var impostor = new Order("o", item, 3, customer, 500, "post");
        world.Forget();

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(SagaPhase.Compensated, world.Place(impostor));
            Assert.Equal(SagaPhase.Compensated, world.Place(impostor)); // Sent again, it finds its end.
            Assert.Equal(SagaPhase.Completed, world.Place());
            Assert.Equal(SagaPhase.Completed, world.Saga!.Phase);
            Assert.Null(world.Place(impostor));
            Assert.Equal(SagaPhase.Completed, world.Place());
            Assert.Equal([2, 500, 1], Enum.GetValues<Participant>().Select(world.HeldAt));
            world.Forget(); // And with it why the impostor ended: only its own ledgers know.
        }
    }

    [Theory]
    [InlineData(SagaFinding.Refused)]
    [InlineData(SagaFinding.AllDone)]
    [InlineData(SagaFinding.Expired)]
    public void What_arrives_late_of_an_impostor_says_nothing_of_the_order_whose_id_it_is(SagaFinding finding)
    {
        var world = Play(SagaStyle.Orchestrated, null, _ => { });
        var impostor = new Order("o", "salt", 3, "ann", 500, "post");
        world.Forget();
        world.Place(impostor);
        world.BeginOnly();

        Assert.Equal(SagaPhase.Compensated, world.Report(impostor, 0, finding).Phase);
        Assert.Equal((SagaPhase.Forward, 0), (world.Saga!.Phase, world.Saga.Step));
    }

    [Fact]
    public void An_order_that_nobody_carries_on_is_seen_not_to_end()
    {
        var world = Play(SagaStyle.Orchestrated, Participant.Shipping, world => world.Fate = (5, Death.Before));

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertEnded(world, mayComplete: false));
    }

    private static SagaWorld Play(SagaStyle style, Participant? failAt, Action<SagaWorld> prepare)
    {
        var world = new SagaWorld(new Order("o", "tea", 2, "ann", 500, "post", failAt), style);
        prepare(world);
        world.Begin();
        return world;
    }

    private static SagaWorld Recovered(SagaStyle style, Participant? failAt, int at, Death how, (int At, Death How)? again)
    {
        var world = Play(style, failAt, world => world.Fate = (at, how));
        world.Fate = again is { } second ? (world.Messages + second.At, second.How) : null;
        world.CarryOn("n2");
        return world;
    }

    /// <summary>What was on its way all the time arrives, and if it was a begin, somebody carries that on.</summary>
    private static void Settle(SagaWorld world)
    {
        world.DeliverLate();
        foreach (var node in new[] { "n4", "n5" })
        {
            world.CarryOn(node); // The first of them may be the one whose turn it was to die.
        }
    }

    private static void AssertEnded(SagaWorld world, bool mayComplete)
    {
        var told = world.Course;
        if (world.Saga is not { } saga)
        {
            Assert.All(Enum.GetValues<Participant>(), participant => Assert.Equal(0, world.HeldAt(participant)));
            return; // Its begin never came: there is no order.
        }

        Assert.True(saga.HasEnded, $"it has not ended: {told}");
        Assert.True(world.Told is null || world.Told == saga.Phase, $"a client was told {world.Told}, and it {saga.Phase}: {told}");
        Assert.True(mayComplete || saga.Phase == SagaPhase.Compensated, $"it completed: {told}");
        var done = Enum.GetValues<Participant>().Count(participant => world.At(participant) is EntryState.Taken or EntryState.Settled);
        Assert.True(done == (saga.Phase == SagaPhase.Completed ? 3 : 0), $"{saga.Phase}, and done at {done} participants: {told}");
        Assert.Equal(saga.Phase == SagaPhase.Completed ? [2, 500, 1] : new long[] { 0, 0, 0 }, Enum.GetValues<Participant>().Select(world.HeldAt));
        Assert.NotEqual(saga.Phase == SagaPhase.Completed ? EntryState.Taken : EntryState.Settled, world.At(Participant.Stock));
    }
}
