using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Contradictions;
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
            ContradictsOnlyWhatIsViolated(KeyValueModel.Kv, operations, expected);
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
            ContradictsOnlyWhatIsViolated(model, operations, expected);
            verdicts[(int)expected]++;
        }

        Assert.All(verdicts, count => Assert.InRange(count, 150, 2850));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Counters_of_many_kinds_are_contradicted_only_where_they_are_wrong(int seed)
    {
        var random = new Random(seed);
        var (wrong, told) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var operations = RandomCounter(random);
            var expected = BruteForce(KeyValueModel.Counter, operations, null) ? Verdict.Holds : Verdict.Violated;
            wrong += expected == Verdict.Violated ? 1 : 0;
            told += ContradictsOnlyWhatIsViolated(KeyValueModel.Counter, operations, expected) ? 1 : 0;
        }

        // What no shape fits is the lesser part, though these histories are nearly all overlap.
        Assert.InRange(wrong, 500, 3500);
        Assert.InRange(told, wrong * 7 / 10, wrong);
    }

    /// <summary>A contradiction is a proof: where an order exists there is none, and what it shows has no order by itself.</summary>
    private static bool ContradictsOnlyWhatIsViolated(IModel model, List<Operation> operations, Verdict expected)
    {
        if (KnownContradictions.Smallest(model, operations) is not { } contradiction)
        {
            return false;
        }

        Assert.True(expected == Verdict.Violated, $"{contradiction.Sentence}\n" + string.Join('\n', operations));
        Assert.False(BruteForce(model, [.. contradiction.Piece.Select(model.Prepare)], null), $"{contradiction.Sentence}\n" + string.Join('\n', contradiction.Piece));
        return true;
    }

    /// <summary>Mostly what a true counter would answer.</summary>
    private static List<Operation> RandomCounter(Random random)
    {
        var operations = new List<Operation>();
        var (now, count) = (0L, 0);
        for (var i = 0; i < 7; i++)
        {
            now += random.Next(4);
            var (call, end) = (now - random.Next(1, 4), now + random.Next(1, 4));
            var isRead = random.Next(2) == 0;
            var (outcome, delta) = (isRead || random.Next(4) > 0 ? Outcome.Ok : Outcome.Info, random.Next(1, 3));
            count += isRead || (outcome == Outcome.Info && random.Next(2) == 0) || random.Next(12) == 0 ? 0 : delta;
            var told = (count + (random.Next(10) == 0 ? random.Next(-1, 2) : 0)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            operations.Add(isRead
                ? new Operation(i, "read", "k", [], call, end, outcome, told == "0" ? null : told)
                : new Operation(i, "incr", "k", [delta.ToString(System.Globalization.CultureInfo.InvariantCulture)], call, end, outcome, outcome == Outcome.Ok && random.Next(3) > 0 ? told : null));
        }

        return operations;
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
