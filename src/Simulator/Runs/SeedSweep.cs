using System.Globalization;
using Cluster.Lab.Checkers;
using Cluster.Modes;
using Cluster.Shared.Scenarios;

namespace Cluster.Simulator.Runs;

/// <summary>
/// Plays many seeds, several at one time, each in one thread and a world of its own; sums up what happened in them, and tells each failure with the command that
/// repeats it. The first failures are played twice, so that it is known that they can be.
/// </summary>
internal sealed class SeedSweep(SimulationOrder order, IReadOnlyList<Mode> modes, PlanSource plans, TextWriter output)
{
    /// <summary>More failures than that have one cause, or nobody reads them.</summary>
    private const int MostTold = 20;

    /// <summary>A run's actors nest deeper than a pool thread's stack is sure to hold.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly SweepSum sum = new();
    private int next;
    private int told;

    private int Runs => order.Seeds * modes.Count;

    public Verdict Run()
    {
        output.WriteLine($"{order.Seeds} seeds from {order.FirstSeed} of {string.Join(", ", order.Slugs)}{(order.Bug is { } bug ? $", broken: {bug}" : "")}, on commit {Commit.Name}");
        var workers = Enumerable.Range(0, Math.Min(order.Workers, Runs)).Select(_ => new Thread(Work, StackBytes)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        if (order.ShowsProgress)
        {
            output.Write("\r\u001b[K");
        }

        foreach (var line in sum.Lines())
        {
            output.WriteLine(line);
        }

        return sum.Verdict;
    }

    private void Work()
    {
        while (Interlocked.Increment(ref next) - 1 is var number && number < Runs)
        {
            var (mode, seed) = (modes[number % modes.Count], order.FirstSeed + (number / modes.Count));
            try
            {
                Count(mode, seed, SeedRun.Play(plans.Of(mode, seed), plans.FlawsOf(mode)));
            }
#pragma warning disable CA1031 // Whatever a run ends in is a finding about its seed; the others go on.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                lock (gate)
                {
                    sum.Failed();
                    Tell(mode, seed, Verdict.Violated, [$"the run broke off: {broken.Message}"]);
                }
            }
        }
    }

    private void Count(Mode mode, int seed, SeedOutcome outcome)
    {
        lock (gate)
        {
            sum.Add(outcome);
            if (outcome.Verdict.Verdict != Verdict.Holds)
            {
                Tell(mode, seed, outcome.Verdict.Verdict, Words(outcome));
            }

            if (order.ShowsProgress)
            {
                output.Write($"\r\u001b[K{sum.Progress(Runs)}");
                output.Flush();
            }
        }
    }

    private void Tell(Mode mode, int seed, Verdict verdict, IReadOnlyList<string> why)
    {
        if (++told > MostTold)
        {
            return;
        }

        output.Write(order.ShowsProgress ? "\r\u001b[K" : "");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {verdict.ToString().ToLowerInvariant()} (commit {Commit.Name})"));
        foreach (var line in why)
        {
            output.WriteLine("  " + line);
        }

        output.WriteLine($"  again: {plans.Again(mode, seed)}");
        output.WriteLine($"  shorter: {plans.Again(mode, seed)} --minimise");
    }

    private static List<string> Words(SeedOutcome outcome) =>
    [
        .. outcome.Verdict.Results.Where(result => result.Verdict == outcome.Verdict.Verdict).SelectMany(result => result.Details.Prepend($"{result.Checker}: {result.Summary}")),
        .. outcome.Verdict.Verdict == Verdict.Unknown && outcome.Verdict.Doubt is { } doubt ? [doubt] : Array.Empty<string>(),
        $"trace {outcome.Trace.Hash:x16}",
    ];
}
