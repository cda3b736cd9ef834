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

    /// <summary>Failures that are played twice.</summary>
    private const int MostReplayed = 3;

    /// <summary>A run's actors nest deeper than a pool thread's stack is sure to hold.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly SweepSum sum = new(Math.Min(order.Workers, order.Seeds * modes.Count));
    private int next;
    private int replayed;
    private int told;

    /// <summary>One seed is played in every mode; of many, each in one, so that a thousand seeds take as long whatever the number of modes.</summary>
    private int Runs => order.Seeds == 1 ? modes.Count : order.Seeds;

    /// <summary>The modes whose turn comes: a few seeds do not reach them all.</summary>
    private IEnumerable<string> Played => Enumerable.Range(0, Runs).Select(number => Turn(number).Mode.Slug).Distinct().Take(modes.Count);

    public Verdict Run()
    {
        output.WriteLine($"{order.Seeds} seeds from {order.FirstSeed} of {string.Join(", ", Played)}{(order.Bug is { } bug ? $", broken: {bug}" : "")}, on commit {Commit.Name}");
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
            var (mode, seed) = Turn(number);
            try
            {
                var outcome = SeedRun.Play(plans.Of(mode, seed), plans.FlawsOf(mode));
                var again = outcome.Verdict.Verdict == Verdict.Holds || Interlocked.Increment(ref replayed) > MostReplayed ? null : SeedRun.Play(plans.Of(mode, seed), plans.FlawsOf(mode));
                Count(mode, seed, outcome, again);
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

    /// <summary>Two seeds a mode in turn: odd and even ones play clusters of different sizes.</summary>
    private (Mode Mode, int Seed) Turn(int number) => order.Seeds == 1 ? (modes[number], order.FirstSeed) : (modes[number / 2 % modes.Count], order.FirstSeed + number);

    private void Count(Mode mode, int seed, SeedOutcome outcome, SeedOutcome? again)
    {
        lock (gate)
        {
            sum.Add(outcome);
            if (outcome.Verdict.Verdict != Verdict.Holds)
            {
                Tell(mode, seed, outcome.Verdict.Verdict, Words(outcome, again));
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

    private static List<string> Words(SeedOutcome outcome, SeedOutcome? again) =>
    [
        .. outcome.Verdict.Results.Where(result => result.Verdict == outcome.Verdict.Verdict).SelectMany(result => result.Details.Prepend($"{result.Checker}: {result.Summary}")),
        .. outcome.Verdict.Verdict == Verdict.Unknown && outcome.Verdict.Doubt is { } doubt ? [doubt] : Array.Empty<string>(),
        $"trace {outcome.Trace.Hash:x16}" + (again is null ? "" : again.Trace.Hash == outcome.Trace.Hash ? ", the same when it was played again" : $", and {again.Trace.Hash:x16} when it was played again: the simulator does not repeat it, which is a bug of its own"),
    ];
}
