using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>The checker against its dumb twin, which tries every order of every subset, on thousands of small random histories.</summary>
public class LinearizabilityAgainstBruteForceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_clever_search_agrees_with_trying_every_order(int seed)
    {
        var random = new Random(seed);
        var verdicts = new int[2];
        for (var round = 0; round < 2000; round++)
        {
            var operations = RandomHistory(random);
            var expected = BruteForce(KeyValueModel.Kv, operations, null) ? Verdict.Holds : Verdict.Violated;

            var actual = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(new History(operations, [])).Verdict;

            Assert.True(expected == actual, $"seed {seed}, round {round}: {expected} by brute force, {actual} by search\n" + string.Join('\n', operations));
            verdicts[(int)expected]++;
        }

        // Histories of which nearly all are of one kind would show little.
        Assert.All(verdicts, count => Assert.InRange(count, 200, 1800));
    }

    [Theory]
    [InlineData("set", 1)]
    [InlineData("set", 2)]
    [InlineData("queue", 1)]
    [InlineData("queue", 2)]
    [InlineData("queue", 3)]
    [InlineData("list", 1)]
    [InlineData("list", 2)]
    public void It_agrees_for_collections_too(string name, int seed)
    {
        var model = new[] { CollectionModel.Set, CollectionModel.Queue, CollectionModel.List }.Single(model => model.Name == name);
        var random = new Random(seed);
        var verdicts = new int[2];
        for (var round = 0; round < 3000; round++)
        {
            // Unique values, as workloads write them, let the search know more; values that repeat must not mislead it.
            var operations = RandomCollection(random, model, unique: round % 3 != 0);
            var expected = BruteForce(model, operations.ConvertAll(((IModel)model).Prepare), null) ? Verdict.Holds : Verdict.Violated;

            var result = new LinearizabilityChecker(model, CheckLimits.Default, TimeProvider.System).Check(new History(operations, []));

            Assert.True(expected == result.Verdict, $"seed {seed}, round {round}: {expected} by brute force, {result.Verdict} by search\n" + string.Join('\n', operations));
            Assert.True(expected == Verdict.Holds || !BruteForce(model, result.Piece.Select(((IModel)model).Prepare).ToList(), null), "the piece that is shown does not show it\n" + string.Join('\n', result.Piece));
            verdicts[(int)expected]++;
        }

        Assert.All(verdicts, count => Assert.InRange(count, 300, 2700));
    }

    /// <summary>Mostly what a true collection would answer at some instant of the operation, so that many histories hold.</summary>
    private static List<Operation> RandomCollection(Random random, CollectionModel model, bool unique)
    {
        var operations = new List<Operation>();
        var content = new List<string>();
        var now = 0L;
        for (var i = 0; i < 7; i++)
        {
            now += random.Next(4);
            var (call, end) = (now - random.Next(1, 4), now + random.Next(1, 4));
            var outcome = random.Next(5) == 0 ? Outcome.Info : Outcome.Ok;
            var value = unique ? $"v{i}" : ((char)('a' + random.Next(3))).ToString();
            var happens = outcome == Outcome.Ok || random.Next(2) == 0;
            if (random.Next(100) < 55)
            {
                operations.Add(new Operation(i, model == CollectionModel.Set ? "add" : model == CollectionModel.Queue ? "enqueue" : "append", "k", [value], call, end, outcome));
                if (happens && !(model == CollectionModel.Set && content.Contains(value)))
                {
                    content.Insert(random.Next(6) == 0 ? random.Next(content.Count + 1) : content.Count, value);
                }
            }
            else if (model == CollectionModel.Queue)
            {
                var first = content.Count == 0 || random.Next(6) == 0 ? null : content[random.Next(3) == 0 ? random.Next(content.Count) : 0];
                operations.Add(new Operation(i, "dequeue", "k", [], call, end, outcome, outcome == Outcome.Ok ? first : null));
                if (happens && first is not null)
                {
                    content.Remove(first);
                }
            }
            else
            {
                operations.Add(new Operation(i, "read", "k", [], call, end, Outcome.Ok, "[" + string.Join(',', content.Where(_ => random.Next(12) != 0).Select(value => $"\"{value}\"")) + "]"));
            }
        }

        return operations;
    }

    private static List<Operation> RandomHistory(Random random)
    {
        var operations = new List<Operation>();
        var counter = random.Next(4) == 0;
        for (var i = 0; i < 6; i++)
        {
            var call = random.Next(20);
            var end = call + 1 + random.Next(8);
            var outcome = random.Next(4) == 0 ? Outcome.Info : Outcome.Ok;
            string Value() => ((char)('a' + random.Next(3))).ToString();
            operations.Add((counter ? random.Next(2) : 2 + random.Next(4)) switch
            {
                0 => new Operation(i, "incr", "k", ["1"], call, end, outcome, random.Next(1, 5).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                1 => new Operation(i, "read", "k", [], call, end, Outcome.Ok, random.Next(4).ToString(System.Globalization.CultureInfo.InvariantCulture) is "0" ? null : random.Next(1, 4).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                2 or 3 => new Operation(i, "write", "k", [Value()], call, end, outcome),
                4 => new Operation(i, "read", "k", [], call, end, Outcome.Ok, random.Next(4) == 0 ? null : Value()),
                _ => new Operation(i, "cas", "k", [Value(), Value()], call, end, outcome, random.Next(4) == 0 ? "false" : "true"),
            });
        }

        return operations;
    }

    /// <summary>Any operation before whose call no other one left has returned may come first; those of unknown outcome may never come.</summary>
    private static bool BruteForce(IModel model, IReadOnlyList<Operation> left, string? state)
    {
        if (left.All(operation => operation.Outcome == Outcome.Info))
        {
            return true;
        }

        return left.Any(first =>
            left.All(other => other.Outcome == Outcome.Info || other.Return >= first.Call || ReferenceEquals(other, first))
            && model.Step(state, first, out var next)
            && BruteForce(model, [.. left.Where(other => !ReferenceEquals(other, first))], next));
    }
}
