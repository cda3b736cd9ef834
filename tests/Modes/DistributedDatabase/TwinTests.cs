using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>
/// Against a twin that is too simple to be wrong: one map, transactions one after the other in the order of their timestamps. Whatever order messages arrive in, whatever is lost and whoever dies, each transaction must have read what
/// it reads there.
/// </summary>
public class TwinTests(ITestOutputHelper output)
{
    private const int Seeds = 150;

    [Fact]
    public void Serializable_transactions_read_what_one_map_would_show_them()
    {
        var (committed, met) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var world = Play(seed, serializable: true);
            AssertTwin(world, seed);
            committed += world.Committed.Count;
            met += world.Trace.Count(line => line.Contains("blocked by", StringComparison.Ordinal));
        }

        output.WriteLine($"{committed} transactions committed, {met} times one was in another's way");
        Assert.True(committed > Seeds * 8 && met > Seeds * 2, $"{committed} committed, {met} met");
    }

    /// <summary>Of snapshot isolation the twin shows the other half: the map at the time of each read, and every write on top of what it replaces.</summary>
    [Fact]
    public void Transactions_by_snapshot_lose_no_update()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var world = Play(seed, serializable: false);
            var appended = world.Committed.SelectMany(done => done.Steps.Where(step => step.Kind == StepKind.Append).Select(step => (step.Key, step.Value)));
            var last = world.Begin("end", true, Keys().Select(key => new Step(StepKind.Read, key)));
            world.Run();
            var values = Keys().Zip(last.Told!.Results.Select(result => result.Value ?? "")).ToDictionary(pair => pair.First, pair => pair.Second);
            foreach (var (key, value) in appended)
            {
                Assert.True(values[key].Contains(value!, StringComparison.Ordinal), $"seed {seed}: {value} was appended to {key} and is gone: {values[key]}");
            }
        }
    }

    [Theory]
    [InlineData("no-intent-check")]
    [InlineData("skip-refresh")]
    [InlineData("commit-before-intents")]
    public void A_coordinator_that_breaks_its_promise_is_caught(string flaw)
    {
        var flaws = new CoordinatorFlaws(flaw == "no-intent-check", flaw == "skip-refresh", flaw == "commit-before-intents");
        var caught = Enumerable.Range(1, Seeds).Count(seed => WhyNotTwin(Play(seed, serializable: true, flaws)) is not null);
        output.WriteLine($"{flaw}: caught in {caught} of {Seeds} worlds");
        Assert.True(caught > 0);
    }

    private static IEnumerable<string> Keys() => Enumerable.Range(0, 5).Select(number => $"k{number}");

    /// <summary>A dozen transactions at once, of which a few coordinators die and a few calls are lost.</summary>
    private static DatabaseWorld Play(int seed, bool serializable, CoordinatorFlaws? flaws = null)
    {
        var random = new Random(seed);
        var world = new DatabaseWorld(seed) { LostPercent = seed % 3 == 0 ? 4 : 0, Flaws = flaws ?? CoordinatorFlaws.None };
        for (var number = 0; number < 24; number++)
        {
            // With a request's id its anchor keeps what it has read, also when nobody was told.
            var one = world.Begin(new TransactionRequest($"t{number}", $"t{number}", [.. Steps(random, number)], serializable, InRealTime: true, TimeSpan.Zero));
            if (random.Next(8) == 0)
            {
                (one.DiesAt, one.DiesUnheard) = (world.Messages + 1 + random.Next(40), random.Next(2) == 0);
            }

            for (var step = random.Next(30); step > 0 && world.Step(); step--)
            {
            }

            if (random.Next(10) == 0)
            {
                world.GiveUp(one);
            }
        }

        world.Run();
        world.TidyUp();
        return world;
    }

    private static IEnumerable<Step> Steps(Random random, int number)
    {
        var count = 1 + random.Next(4);
        for (var at = 0; at < count; at++)
        {
            var key = $"k{random.Next(5)}";
            yield return random.Next(10) switch
            {
                < 4 => new Step(StepKind.Read, key),
                < 8 => new Step(StepKind.Append, key, $"{number}.{at} "),
                8 => new Step(StepKind.Scan, "k", Limit: 2),
                _ => new Step(StepKind.Find, $"{random.Next(number + 1)}.0 ", Limit: 3),
            };
        }
    }

    private static void AssertTwin(DatabaseWorld world, int seed)
    {
        var why = WhyNotTwin(world);
        Assert.True(why is null, $"seed {seed}: {why}\n{string.Join('\n', world.Trace)}");
        for (var range = 0; range < Modes.DistributedDatabase.Ranges.Keyspace.Ranges; range++)
        {
            Assert.Empty(world.At(range).Intents);
            Assert.Empty(world.At(range).Records);
        }
    }

    private static string? WhyNotTwin(DatabaseWorld world)
    {
        var last = world.Begin("end", true, Keys().Select(key => new Step(StepKind.Read, key)));
        world.Run();
        if (last.Told is not { End: TransactionEnd.Committed })
        {
            return $"nothing can be read: {last.Told}";
        }

        var twin = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var done in world.Committed.OrderBy(done => done.At))
        {
            var run = StepRun.Of(
                done.Steps,
                key => twin.GetValueOrDefault(key),
                span => twin.Where(row => span.Matches(row.Key, row.Value)).Select(row => new FoundRow(row.Key, row.Value, 0)));
            if (run.Results.Length != done.Results.Length)
            {
                return $"{done.Id} at {done.At}: {run.Refusal}";
            }

            foreach (var (step, read, shown) in done.Steps.Zip(done.Results, run.Results))
            {
                if (read.Value != shown.Value || Text(read) != Text(shown))
                {
                    return $"{done.Id} at {done.At} read {step.Kind} {step.Key}: {read.Value}{Text(read)}, and one map shows {shown.Value}{Text(shown)}";
                }
            }

            foreach (var change in run.Changes)
            {
                twin[change.Key] = change.Value!;
            }
        }

        return null;
    }

    private static string Text(StepResult result) => result.Rows is { } rows ? string.Join(' ', rows.Select(row => $"{row.Key}={row.Value}")) + (result.HasMore ? "..." : "") : "";
}
