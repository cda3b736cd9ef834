using Cluster.Modes.Shop;
using Cluster.Modes.Tests.Shop;
using Cluster.Modes.TwoPhaseCommit;

namespace Cluster.Modes.Tests.TwoPhaseCommit;

/// <summary>
/// Every order commits at all participants or at none, wherever its coordinator dies: each message, each way to die at it, and then each message of whoever takes over. With a local log nobody may
/// take over but the coordinator's own node, and until it is back what it has locked stays locked.
/// </summary>
public class TransactionCrashTests(ITestOutputHelper output)
{
    public static TheoryData<CoordinatorKind, Participant?> Courses
    {
        get
        {
            var courses = new TheoryData<CoordinatorKind, Participant?>();
            foreach (var kind in Enum.GetValues<CoordinatorKind>())
            {
                foreach (var failAt in new Participant?[] { null, Participant.Stock, Participant.Payment, Participant.Shipping })
                {
                    courses.Add(kind, failAt);
                }
            }

            return courses;
        }
    }

    [Theory]
    [MemberData(nameof(Courses))]
    public void Wherever_its_coordinator_dies_an_order_commits_everywhere_or_nowhere(CoordinatorKind kind, Participant? failAt)
    {
        var deaths = 0;
        foreach (var (at, how) in Deaths.In(() => Play(kind, failAt, null)))
        {
            var world = Play(kind, failAt, (at, how));
            world.CarryOn(Successor(kind));
            Settle(world, kind);
            AssertAtomic(world, failAt is null);
            deaths++;
        }

        output.WriteLine($"{kind}, fails at {failAt}: {deaths} deaths");
        Assert.True(deaths >= 15, $"only {deaths} deaths");
    }

    [Theory]
    [MemberData(nameof(Courses))]
    public void Wherever_two_coordinators_die_one_after_the_other_an_order_is_atomic(CoordinatorKind kind, Participant? failAt)
    {
        var deaths = 0;
        foreach (var first in Deaths.In(() => Play(kind, failAt, null)))
        {
            foreach (var second in Deaths.In(() => Recovered(kind, failAt, first, null)))
            {
                var world = Recovered(kind, failAt, first, second);
                world.CarryOn(Successor(kind));
                Settle(world, kind);
                AssertAtomic(world, failAt is null);
                deaths++;
            }
        }

        output.WriteLine($"{kind}, fails at {failAt}: {deaths} pairs of deaths");
        Assert.True(deaths >= 100, $"only {deaths} pairs");
    }

    /// <summary>The blocking window: from a participant's vote until its coordinator is back nobody can do anything about it.</summary>
    [Fact]
    public void With_a_local_log_what_is_prepared_stays_locked_until_the_coordinators_own_node_is_back()
    {
        var blocked = 0;
        foreach (var death in Deaths.In(() => Play(CoordinatorKind.Local, null, null)))
        {
            var world = Play(CoordinatorKind.Local, null, death);
            var locked = CoordinatorCore.Participants.Where(participant => world.LockAt(participant) is not null).ToList();
            var before = world.Transaction?.Phase;
            Assert.Equal(before is null or TransactionPhase.Committed or TransactionPhase.Aborted, world.CarryOn("n2"));
            Assert.Equal(before, world.Transaction?.Phase);
            Assert.Equal(locked, CoordinatorCore.Participants.Where(participant => world.LockAt(participant) is not null));
            Assert.All(locked, participant => Assert.IsType<LedgerLocked>(world.Ask(participant, new Prepare("other", 1, false))));

            world.CarryOn("n1");
            Assert.All(CoordinatorCore.Participants, participant => Assert.Null(world.LockAt(participant)));
            blocked += locked.Count == 0 ? 0 : 1;
        }

        Assert.InRange(blocked, 10, int.MaxValue);
    }

    [Fact]
    public void With_a_replicated_log_any_node_ends_the_window()
    {
        foreach (var death in Deaths.In(() => Play(CoordinatorKind.Replicated, null, null)))
        {
            var world = Play(CoordinatorKind.Replicated, null, death);
            Assert.True(world.CarryOn("n2"), world.Course);
            Assert.All(CoordinatorCore.Participants, participant => Assert.Null(world.LockAt(participant)));
        }
    }

    /// <summary>What the log does not say is aborted; what it says is carried out, whoever takes over.</summary>
    [Fact]
    public void What_a_client_was_told_is_what_happens()
    {
        foreach (var death in Deaths.In(() => Play(CoordinatorKind.Replicated, null, null)))
        {
            var world = Play(CoordinatorKind.Replicated, null, death);
            var told = world.Told;
            world.CarryOn("n2");
            Assert.True(told is null || told == world.Transaction?.Phase, $"told {told}, and it {world.Transaction?.Phase}: {world.Course}");
        }
    }

    /// <summary>
    /// The log keeps the newest of what has ended, the ledgers all of it. Whoever places an order again that was committed long ago is told so, and whoever takes over from there does not presume that it aborts.
    /// </summary>
    [Theory]
    [InlineData(CoordinatorKind.Replicated)]
    [InlineData(CoordinatorKind.Local)]
    public void An_order_that_is_placed_again_when_its_log_has_forgotten_it_stays_committed(CoordinatorKind kind)
    {
        foreach (var death in Deaths.In(() => Again(kind, null)))
        {
            var world = Again(kind, death);
            world.CarryOn(Successor(kind));
            Settle(world, kind);
            Assert.True(world.Transaction is null or { Phase: TransactionPhase.Committed }, $"{world.Transaction?.Phase}: {world.Course}");
            Assert.True(world.Told is null or TransactionPhase.Committed, $"told {world.Told}: {world.Course}");
            Assert.Equal([2, 500, 1], CoordinatorCore.Participants.Select(world.HeldAt));
            Assert.All(CoordinatorCore.Participants, participant => Assert.Null(world.LockAt(participant)));
        }

        static TransactionWorld Again(CoordinatorKind kind, (int At, Death How)? fate)
        {
            var world = Play(kind, null, null);
            world.Forget();
            world.Fate = fate is { } death ? (world.Messages + death.At, death.How) : null;
            world.Begin();
            return world;
        }
    }

    [Fact]
    public void Another_order_under_a_forgotten_id_is_aborted_and_changes_nothing_of_the_first()
    {
        var world = Play(CoordinatorKind.Replicated, null, null);
        world.Forget();
        world.Begin(new Order("o", "tea", 3, "ann", 500, "post"));

        Assert.Equal(TransactionPhase.Aborted, world.Transaction!.Phase);
        Assert.All(CoordinatorCore.Participants, participant => Assert.Equal(EntryState.Committed, world.At(participant)));
        Assert.Equal([2, 500, 1], CoordinatorCore.Participants.Select(world.HeldAt));
    }

    /// <summary>The impostor meets a ledger of the first order, and others that the first never saw.</summary>
    [Theory]
    [InlineData(CoordinatorKind.Replicated, "tea", "ann")]
    [InlineData(CoordinatorKind.Replicated, "salt", "ann")]
    [InlineData(CoordinatorKind.Replicated, "salt", "bob")]
    [InlineData(CoordinatorKind.Local, "salt", "bob")]
    public void Another_order_under_a_forgotten_id_does_not_take_the_id_from_the_first(CoordinatorKind kind, string item, string customer)
    {
        var world = Play(kind, null, null);
        var impostor = new Order("o", item, 3, customer, 500, "post");
        world.Forget();

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(TransactionPhase.Aborted, world.Place(impostor));
            Assert.Equal(TransactionPhase.Aborted, world.Place(impostor)); // Sent again, it finds its end.
            Assert.Equal(TransactionPhase.Committed, world.Place());
            Assert.Equal(TransactionPhase.Committed, world.Transaction!.Phase);
            Assert.Null(world.Place(impostor));
            Assert.Equal([2, 500, 1], CoordinatorCore.Participants.Select(world.HeldAt));
            world.Forget();
        }
    }

    [Fact]
    public void A_decision_that_arrives_late_of_an_impostor_aborts_nothing_of_the_order_whose_id_it_is()
    {
        var world = Play(CoordinatorKind.Replicated, null, null);
        var impostor = new Order("o", "salt", 3, "ann", 500, "post");
        world.Forget();
        world.Place(impostor);
        world.BeginOnly();

        Assert.Equal(TransactionPhase.Aborted, world.Abort(impostor).Phase);
        Assert.Equal(TransactionPhase.Preparing, world.Transaction!.Phase);
    }

    private static string Successor(CoordinatorKind kind) => kind == CoordinatorKind.Local ? "n1" : "n2";

    private static TransactionWorld Play(CoordinatorKind kind, Participant? failAt, (int, Death)? fate)
    {
        var world = new TransactionWorld(new Order("o", "tea", 2, "ann", 500, "post", failAt), kind) { Fate = fate };
        world.Begin();
        return world;
    }

    private static TransactionWorld Recovered(CoordinatorKind kind, Participant? failAt, (int, Death) first, (int At, Death How)? second)
    {
        var world = Play(kind, failAt, first);
        world.Fate = second is { } again ? (world.Messages + again.At, again.How) : null;
        world.CarryOn(Successor(kind));
        return world;
    }

    /// <summary>What was on its way all the time arrives, and if it was a begin, somebody carries that on.</summary>
    private static void Settle(TransactionWorld world, CoordinatorKind kind)
    {
        world.DeliverLate();
        for (var life = 0; life < 2; life++)
        {
            world.CarryOn(Successor(kind)); // The first may be the one whose turn it was to die.
        }
    }

    private static void AssertAtomic(TransactionWorld world, bool mayCommit)
    {
        var told = world.Course;
        var commits = world.Transaction is { Phase: TransactionPhase.Committed };
        Assert.True(world.Transaction is null or { HasEnded: true }, $"it has not ended: {told}");
        Assert.True(mayCommit || !commits, $"it committed: {told}");
        Assert.True(CoordinatorCore.Participants.All(participant => world.At(participant) == EntryState.Committed == commits), $"{world.Transaction?.Phase}: {string.Join(' ', CoordinatorCore.Participants.Select(world.At))}: {told}");
        Assert.Equal(commits ? [2, 500, 1] : new long[] { 0, 0, 0 }, CoordinatorCore.Participants.Select(world.HeldAt));
        Assert.All(CoordinatorCore.Participants, participant => Assert.Null(world.LockAt(participant)));
    }
}
