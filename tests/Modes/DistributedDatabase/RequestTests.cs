using System.Collections.Immutable;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>A request has one outcome, and whoever asks again is told it: also where its own effect would forbid it now, and where what forbade it is gone.</summary>
public class RequestTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 100).Select(number => $"a{number}").DistinctBy(Keyspace.RangeOf).Take(2)];

    private static readonly Step[] Steps = [new(StepKind.Expect, Keys[0], "1"), new(StepKind.Put, Keys[0], "2"), new(StepKind.Append, Keys[1], "x")];

    /// <summary>Wherever the first coordinator is, or has died, when the second one begins.</summary>
    [Fact]
    public void A_request_whose_own_effect_forbids_it_is_told_that_it_has_committed()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            for (var at = 1; at <= 24; at++)
            {
                var world = World(seed, "1");
                var first = Begin(world, "n1-1");
                first.DiesAt = at % 3 == 0 ? world.Messages + (at / 2) : null;
                for (var step = 0; step < at; step++)
                {
                    world.Step();
                }

                var second = Begin(world, "n2-1");
                world.Run();
                Assert.True(second.Told!.End == TransactionEnd.Committed, $"seed {seed}, {at}: {second.Told}\n{string.Join('\n', world.Trace)}");
                Assert.True(first.Told is null or { End: TransactionEnd.Committed }, $"seed {seed}, {at}: {first.Told}");
                Assert.Equal(["2", "x"], Read(world));
            }
        }
    }

    [Fact]
    public void A_request_that_was_refused_is_refused_for_ever()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var world = World(seed, "0");
            var slow = Begin(world, "n1-1");
            for (var step = 0; step < seed; step++)
            {
                world.Step(slow);
            }

            world.Begin("other", true, new Step(StepKind.Put, Keys[0], "1"), new Step(StepKind.Put, Keys[1], ""));
            var again = Begin(world, "n2-1");
            world.Run();
            var last = Begin(world, "n3-1");
            world.Run();
            Assert.Equal(slow.Told!.End, again.Told!.End);
            Assert.Equal(slow.Told.End, last.Told!.End);
            Assert.Equal(slow.Told.End == TransactionEnd.Refused ? ["1", ""] : ["2", "x"], Read(world));
        }
    }

    [Fact]
    public void A_request_within_one_range_that_was_refused_is_refused_for_ever()
    {
        var world = new DatabaseWorld(1);
        var request = new TransactionRequest("n1-1", "request", [new Step(StepKind.Expect, Keys[0], "1"), new Step(StepKind.Put, Keys[0], "2")], true, true, TimeSpan.Zero);
        var first = world.Begin(request);
        world.Run();
        world.Begin("other", true, new Step(StepKind.Put, Keys[0], "1"));
        world.Run();
        var again = world.Begin(request with { Id = "n2-1" });
        world.Run();
        Assert.Equal((TransactionEnd.Refused, TransactionEnd.Refused), (first.Told!.End, again.Told!.End));
        Assert.Equal(first.Told.Why, again.Told.Why);
    }

    [Fact]
    public void An_id_that_was_given_to_other_steps_is_refused_and_not_told_their_outcome()
    {
        var world = new DatabaseWorld(1);
        ImmutableArray<Step> steps = [new(StepKind.Put, Keys[0], "1")];
        ImmutableArray<Step> others = [new(StepKind.Put, Keys[0], "2"), new(StepKind.Put, Keys[1], "2")];
        world.Begin(Named("n1-1", steps));
        world.Run();
        var again = world.Begin(Named("n2-1", steps));
        world.Run();
        var other = world.Begin(Named("n3-1", others));
        world.Run();

        Assert.Equal(TransactionEnd.Committed, again.Told!.End);
        Assert.Equal((TransactionEnd.Refused, "the id tx was given to a transaction of other steps: give each its own"), (other.Told!.End, other.Told.Why));

        static TransactionRequest Named(string id, ImmutableArray<Step> steps) => new(id, RequestName.Of("tx", steps, "serializable"), steps, true, true, TimeSpan.Zero);
    }

    [Theory]
    [InlineData("""[["put","a"]]""", "'put' with 1 arguments; it takes 2")]
    [InlineData("""[["put","a","1","2"]]""", "'put' with 3 arguments; it takes 2")]
    [InlineData("""[["read","a","b"]]""", "'read' with 2 arguments; it takes 1")]
    [InlineData("""[["expect","a","1",2]]""", "'expect' with 3 arguments; it takes 1 or 2")]
    [InlineData("""[[]]""", "a step is a list, its name first")]
    [InlineData("""["put"]""", "a step is a list, its name first")]
    public void A_step_of_another_length_is_refused_in_words(string text, string why)
    {
        Assert.False(TransactionText.TryRead(text, out _, out var wrong));
        Assert.Contains(why, wrong, StringComparison.Ordinal);
    }

    private static DatabaseWorld World(int seed, string value)
    {
        var world = new DatabaseWorld(seed);
        world.Begin("o", true, new Step(StepKind.Put, Keys[0], value));
        world.Run();
        return world;
    }

    private static Coordinator Begin(DatabaseWorld world, string id) => world.Begin(new TransactionRequest(id, "request", [.. Steps], true, true, TimeSpan.Zero));

    private static IEnumerable<string?> Read(DatabaseWorld world)
    {
        world.TidyUp();
        var reader = world.Begin("r", true, Keys.Select(key => new Step(StepKind.Read, key)));
        world.Run();
        return reader.Told!.Results.Select(result => result.Value);
    }
}
