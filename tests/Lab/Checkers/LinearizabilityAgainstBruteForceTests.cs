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
            var expected = BruteForce(operations, null) ? Verdict.Holds : Verdict.Violated;

            var actual = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(new History(operations, [])).Verdict;

            Assert.True(expected == actual, $"seed {seed}, round {round}: {expected} by brute force, {actual} by search\n" + string.Join('\n', operations));
            verdicts[(int)expected]++;
        }

        // Histories of which nearly all are of one kind would show little.
        Assert.All(verdicts, count => Assert.InRange(count, 200, 1800));
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
    private static bool BruteForce(IReadOnlyList<Operation> left, string? state)
    {
        if (left.All(operation => operation.Outcome == Outcome.Info))
        {
            return true;
        }

        return left.Any(first =>
            left.All(other => other.Outcome == Outcome.Info || other.Return >= first.Call || ReferenceEquals(other, first))
            && KeyValueModel.Kv.Step(state, first, out var next)
            && BruteForce([.. left.Where(other => !ReferenceEquals(other, first))], next));
    }
}
