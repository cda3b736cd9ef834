using Cluster.Lab.Scenarios;
using Cluster.Modes;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Runs;

namespace Cluster.Simulation.Tests.Scenarios;

/// <summary>Plays seeds of modes as the simulator program does, each in a thread with a stack as deep as there.</summary>
internal static class Seeds
{
    private const int StackBytes = 16 * 1024 * 1024;

    /// <summary>What an order makes of its first seed and its only mode.</summary>
    public static SeedOutcome Play(SimulationOrder order) => OnThread(() => Start(order))();

    public static Func<SeedOutcome> OnThread(Func<SeedOutcome> play)
    {
        SeedOutcome? outcome = null;
        Exception? broken = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    outcome = play();
                }
#pragma warning disable CA1031 // Whatever it ends in is thrown where the outcome is asked for.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    broken = e;
                }
            },
            StackBytes);
        thread.Start();
        return () =>
        {
            thread.Join();
            return outcome ?? throw new InvalidOperationException($"the run broke off: {broken!.Message}", broken);
        };
    }

    /// <summary>Plays it in the calling thread.</summary>
    public static SeedOutcome Start(SimulationOrder order) => SeedRun.Play(Plan(order), new PlanSource(order).FlawsOf(Mode(order)));

    public static ScenarioPlan Plan(SimulationOrder order) => new PlanSource(order).Of(Mode(order), order.FirstSeed);

    public static Mode Mode(SimulationOrder order) => ModeCatalog.Find(order.Slugs[0])!;

    /// <summary>What a failing seed is to print: what happened, and the command that does it again.</summary>
    public static string Failure(SimulationOrder order, SeedOutcome outcome) => string.Join(
        "\n  ",
        [
            $"seed {order.FirstSeed} of {order.Slugs[0]}: {outcome.Verdict.Verdict}{(outcome.Verdict.Doubt is { } doubt ? $", {doubt}" : "")}",
            .. outcome.Verdict.Results.Where(result => result.Verdict != Lab.Checkers.Verdict.Holds).SelectMany(result => result.Details.Prepend($"{result.Checker}: {result.Summary}")),
            $"again: {new PlanSource(order).Again(Mode(order), order.FirstSeed)}",
        ]);
}
