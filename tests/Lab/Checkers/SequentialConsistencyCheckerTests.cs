using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

public class SequentialConsistencyCheckerTests
{
    [Fact]
    public void An_old_value_may_be_read_as_long_as_its_process_does_not_go_back()
    {
        var history = new History([Write(1, "x", "a", 0), Write(1, "x", "b", 10), Read(2, "x", "a", 20), Read(2, "x", "b", 30)], []);

        Assert.Equal(Verdict.Holds, Check(history).Verdict);
        Assert.Equal(Verdict.Violated, new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history).Verdict);
    }

    [Fact]
    public void A_process_that_goes_back_to_an_older_value_is_caught()
    {
        var result = Check(new History([Write(1, "x", "a", 0), Write(1, "x", "b", 10), Read(2, "x", "b", 20), Read(2, "x", "a", 30)], []));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(result.Piece, operation => operation is { Process: 2, Output: "a" });
    }

    [Fact]
    public void A_process_that_does_not_read_its_own_write_is_caught() =>
        Assert.Equal(Verdict.Violated, Check(new History([Write(1, "x", "a", 0), Read(1, "x", null, 10)], [])).Verdict);

    [Fact]
    public void Two_readers_who_see_two_writes_in_different_orders_are_caught() => Assert.Equal(
        Verdict.Violated,
        Check(new History([Write(1, "x", "a", 0), Write(2, "x", "b", 0), Read(3, "x", "a", 5), Read(3, "x", "b", 6), Read(4, "x", "b", 5), Read(4, "x", "a", 6)], [])).Verdict);

    /// <summary>Each key alone is in order (Attiya and Welch 1994): why keys must be judged together.</summary>
    [Fact]
    public void Two_keys_that_are_in_order_each_and_not_together_are_caught()
    {
        History history = new([Write(1, "x", "a", 0), Read(1, "y", null, 10), Write(2, "y", "b", 0), Read(2, "x", null, 10)], []);

        Assert.Equal(Verdict.Violated, Check(history).Verdict);
        Assert.All(["x", "y"], key => Assert.Equal(Verdict.Holds, Check(new History([.. history.Operations.Where(operation => operation.Key == key)], [])).Verdict));
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_have_happened_or_not()
    {
        var unknown = Write(1, "x", "a", 0) with { Outcome = Outcome.Info };

        Assert.Equal(Verdict.Holds, Check(new History([unknown, Read(2, "x", "a", 10)], [])).Verdict);
        Assert.Equal(Verdict.Holds, Check(new History([unknown, Read(2, "x", null, 10)], [])).Verdict);
        Assert.Equal(Verdict.Violated, Check(new History([unknown, Read(2, "x", "a", 10), Read(2, "x", null, 20)], [])).Verdict);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_agrees_with_trying_every_order(int seed)
    {
        var random = new Random(seed);
        var verdicts = new int[2];
        for (var round = 0; round < 2000; round++)
        {
            var operations = RandomHistory(random);
            var lanes = operations.GroupBy(operation => operation.Process).Select(lane => lane.OrderBy(operation => operation.Call).ToArray()).ToArray();
            var expected = BruteForce(lanes, new int[lanes.Length], new Dictionary<string, string?>()) ? Verdict.Holds : Verdict.Violated;

            var actual = Check(new History(operations, [])).Verdict;

            Assert.True(expected == actual, $"seed {seed}, round {round}: {expected} by brute force, {actual} by search\n" + string.Join('\n', operations));
            verdicts[(int)expected]++;
        }

        Assert.All(verdicts, count => Assert.InRange(count, 200, 1800));
    }

    [Fact]
    public void A_search_that_meets_its_bound_says_that_it_does_not_know()
    {
        var random = new Random(1);
        List<Operation> operations = [.. Enumerable.Range(0, 400).Select(i => Write(i % 20, "x", $"v{i}", 10 * i)), .. Enumerable.Range(0, 20).Select(i => Read(100 + i, "x", $"v{random.Next(400)}", 9_000))];
        operations.AddRange([Read(200, "x", "v1", 0), Read(200, "x", "v0", 9_999), Read(201, "x", "v0", 0), Read(201, "x", "v1", 9_999)]);

        var result = new SequentialConsistencyChecker(KeyValueModel.Kv, new CheckLimits(TimeSpan.FromSeconds(20), 2_000), TimeProvider.System).Check(new History(operations, []));

        Assert.Equal(Verdict.Unknown, result.Verdict);
    }

    private static CheckResult Check(History history) => new SequentialConsistencyChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history);

    private static Operation Write(int process, string key, string value, long call) => new(process, "write", key, [value], call, call + 5, Outcome.Ok);

    private static Operation Read(int process, string key, string? value, long call) => new(process, "read", key, [], call, call + 5, Outcome.Ok, value);

    private static List<Operation> RandomHistory(Random random)
    {
        var operations = new List<Operation>();
        for (var i = 0; i < 8; i++)
        {
            var (process, key, value) = (random.Next(3), random.Next(2) == 0 ? "x" : "y", ((char)('a' + random.Next(3))).ToString());
            operations.Add(random.Next(6) switch
            {
                < 2 => Write(process, key, value, i * 10),
                2 => Write(10 + i, key, value, i * 10) with { Outcome = Outcome.Info },
                3 => new Operation(process, "cas", key, [value, "d"], i * 10, (i * 10) + 5, Outcome.Ok, random.Next(2) == 0 ? "false" : "true"),
                _ => Read(process, key, random.Next(4) == 0 ? null : value, i * 10),
            });
        }

        return operations;
    }

    private static bool BruteForce(Operation[][] lanes, int[] at, Dictionary<string, string?> state)
    {
        if (lanes.Index().All(lane => lane.Item.Skip(at[lane.Index]).All(operation => operation.Outcome == Outcome.Info)))
        {
            return true;
        }

        for (var lane = 0; lane < lanes.Length; lane++)
        {
            if (at[lane] < lanes[lane].Length && KeyValueModel.Kv.Step(state.GetValueOrDefault(lanes[lane][at[lane]].Key), lanes[lane][at[lane]], out var next))
            {
                int[] further = [.. at];
                further[lane]++;
                if (BruteForce(lanes, further, new Dictionary<string, string?>(state) { [lanes[lane][at[lane]].Key] = next }))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
