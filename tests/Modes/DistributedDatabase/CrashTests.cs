using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>A transaction over three ranges is whole or not there at all, wherever its coordinator dies: each message of it, heard or not, in many orders of arrival.</summary>
public class CrashTests(ITestOutputHelper output)
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 100).Select(number => $"a{number}").DistinctBy(Keyspace.RangeOf).Take(3)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Wherever_its_coordinator_dies_a_transaction_is_whole_or_not_there(bool serializable)
    {
        var (deaths, whole, gone) = (0, 0, 0);
        for (var seed = 1; seed <= 10; seed++)
        {
            var (undisturbed, alive) = Play(seed, serializable, null, unheard: false);
            var messages = undisturbed.Messages - alive.Begun;
            for (var at = 1; at <= messages; at++)
            {
                foreach (var unheard in new[] { false, true })
                {
                    var (world, dying) = Play(seed, serializable, at, unheard);
                    var told = dying.Told;

                    // Whoever reads next meets what is left, at once and also long after.
                    var first = Read(world);
                    world.TidyUp();
                    var second = Read(world);
                    Assert.Equal(first, second);
                    Assert.True(first.All(value => value == "new") || first.All(value => value == "old"), $"seed {seed}, dies at {at}: {string.Join(' ', first)}\n{string.Join('\n', world.Trace)}");
                    Assert.True(told is null || (told.End == TransactionEnd.Committed) == (first[0] == "new"), $"seed {seed}, dies at {at}: told {told}, read {first[0]}");
                    Assert.All(Enumerable.Range(0, Keyspace.Ranges), range => Assert.True(world.At(range).Intents.IsEmpty && world.At(range).Records.IsEmpty, $"seed {seed}, dies at {at}: r{range} has something left"));
                    (deaths, whole, gone) = (deaths + 1, whole + (first[0] == "new" ? 1 : 0), gone + (first[0] == "old" ? 1 : 0));
                }
            }
        }

        output.WriteLine($"{deaths} deaths: {whole} whole, {gone} gone");
        Assert.True(deaths > 150 && whole > 20 && gone > 20, $"{deaths} deaths, {whole} whole, {gone} gone");
    }

    /// <summary>Its client asks again, elsewhere, before or after the first coordinator was through: it is done once.</summary>
    [Fact]
    public void A_request_that_is_asked_again_wherever_the_first_coordinator_died_is_done_once()
    {
        var again = 0;
        for (var seed = 1; seed <= 10; seed++)
        {
            for (var at = 1; at <= 20; at++)
            {
                var world = new DatabaseWorld(seed);
                Step[] steps = [new(StepKind.Append, Keys[0], "x"), new(StepKind.Append, Keys[1], "x")];
                var first = world.Begin(new TransactionRequest("n1-1", "request", [.. steps], true, true, TimeSpan.Zero));
                (first.DiesAt, first.DiesUnheard) = (at, seed % 2 == 0);
                for (var step = 0; step < at / 2; step++)
                {
                    world.Step();
                }

                var second = world.Begin(new TransactionRequest("n2-1", "request", [.. steps], true, true, TimeSpan.Zero));
                world.Run();
                Assert.Equal(TransactionEnd.Committed, second.Told!.End);
                world.TidyUp();
                var read = world.Begin("r", true, steps.Select(step => new Step(StepKind.Read, step.Key)));
                world.Run();
                Assert.Equal(["x", "x"], read.Told!.Results.Select(result => result.Value));
                again += first.Told is null ? 0 : 1;
            }
        }

        Assert.True(again > 10, $"the first was through {again} times only");
    }

    private static (DatabaseWorld World, Coordinator Dying) Play(int seed, bool serializable, int? diesAt, bool unheard)
    {
        var world = new DatabaseWorld(seed);
        foreach (var key in Keys)
        {
            world.Begin($"o{key}", true, new Step(StepKind.Put, key, "old"));
            world.Run();
        }

        var before = world.Messages;
        var dying = world.Begin("t", serializable, [new Step(StepKind.Read, "other"), .. Keys.Select(key => new Step(StepKind.Put, key, "new"))]);
        (dying.DiesAt, dying.DiesUnheard) = (diesAt + before, unheard);
        world.Run();
        return (world, dying);
    }

    private static List<string?> Read(DatabaseWorld world)
    {
        var reader = world.Begin("r", true, Keys.Select(key => new Step(StepKind.Read, key)));
        world.Run();
        Assert.Equal(TransactionEnd.Committed, reader.Told?.End);
        return [.. reader.Told!.Results.Select(result => result.Value)];
    }
}
