using System.Globalization;
using BenchmarkDotNet.Attributes;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Benchmarks.Micro;

/// <summary>The linearizability checker on a history that holds: eight processes on one register, their operations overlapping.</summary>
public class CheckerBenchmarks
{
    private const int Processes = 8;

    private History history = new([], []);

    [Params(1_000, 10_000)]
    public int Operations { get; set; }

    [GlobalSetup]
    public void Record()
    {
        var random = new Random(1);
        var operations = new List<Operation>();
        var free = new long[Processes];
        string? value = null;
        for (var i = 0; i < Operations; i++)
        {
            // Each takes effect at its own instant, 100 apart, and lasts some more on both sides: so the answers are those of one copy.
            var (at, process) = (100L * (i + 1), i % Processes);
            var call = Math.Max(free[process] + 1, at - random.Next(300));
            var end = at + random.Next(300);
            free[process] = end;
            if (random.Next(2) == 0)
            {
                operations.Add(new Operation(process, "read", "k", [], call, end, Outcome.Ok, value));
            }
            else
            {
                value = i.ToString(CultureInfo.InvariantCulture);
                operations.Add(new Operation(process, "write", "k", [value], call, end, Outcome.Ok));
            }
        }

        history = new History(operations, []);
    }

    [Benchmark]
    public Verdict Check()
    {
        var verdict = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history).Verdict;
        return verdict == Verdict.Holds ? verdict : throw new InvalidOperationException($"the history holds, and the checker says {verdict}");
    }
}
