using System.Globalization;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

public class CheckerSpeedTests
{
    /// <summary>It takes about a tenth of this on a desk; the rest is for a machine that is busy.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_hundred_thousand_operations_on_a_hundred_keys_are_judged_in_no_time()
    {
        var history = Recorded(processes: 10, keys: 100, count: 100_000);
        var start = TimeProvider.System.GetTimestamp();

        var result = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history);

        var took = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"judged in {took.TotalMilliseconds:0} ms"));
        Assert.Equal(Verdict.Holds, result.Verdict);
        Assert.InRange(took, TimeSpan.Zero, Bound);
    }

    /// <summary>What clients of one copy would have seen: each operation takes effect at one instant between its call and its return.</summary>
    private static History Recorded(int processes, int keys, int count)
    {
        var random = new Random(1);
        var free = new long[processes];
        var planned = new List<(long At, Operation Operation)>();
        for (var i = 0; i < count; i++)
        {
            var process = i % processes;
            var call = free[process] + random.Next(1, 1000);
            var end = call + random.Next(100, 3000);
            free[process] = end;
            var key = string.Create(CultureInfo.InvariantCulture, $"k{random.Next(keys)}");
            planned.Add((random.NextInt64(call, end), random.Next(2) == 0
                ? new Operation(process, "read", key, [], call, end, Outcome.Ok)
                : new Operation(process, "write", key, [string.Create(CultureInfo.InvariantCulture, $"v{i}")], call, end, Outcome.Ok)));
        }

        var state = new Dictionary<string, string?>();
        var operations = new List<Operation>();
        foreach (var (_, operation) in planned.OrderBy(operation => operation.At))
        {
            if (!operation.IsRead)
            {
                state[operation.Key] = operation.Input[0];
            }

            operations.Add(operation.IsRead ? operation with { Output = state.GetValueOrDefault(operation.Key) } : operation);
        }

        return new History(operations, []);
    }
}
