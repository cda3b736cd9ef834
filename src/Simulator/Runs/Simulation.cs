using Cluster.Lab;
using Cluster.Lab.Checkers;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Scenarios.Outputs;
using Cluster.Lab.Schedules;
using Cluster.Modes;
using Cluster.Shared.Scenarios;

namespace Cluster.Simulator.Runs;

/// <summary>Carries an order of the console out: one seed with all its files, or many with their sum. The exit code is the verdict: holds 0, violated 1, unknown 2.</summary>
internal sealed class Simulation(SimulationOrder order, TextWriter output)
{
    public int Run()
    {
        var modes = order.Slugs.Select(slug => ModeCatalog.Find(slug) ?? throw new LabException($"there is no mode '{slug}'; the modes are {string.Join(", ", ModeCatalog.All.Select(mode => mode.Slug))}")).ToList();
        foreach (var mode in modes.FindAll(mode => !mode.Lab.Backends.Contains(ScenarioBackend.Sim)))
        {
            output.WriteLine($"{mode.Slug} is not played in the simulator: {(mode.Lab.NeedsPostgres ? "it needs a real PostgreSQL, in which nothing follows from a seed" : "it needs what there is not here")}; './lab run {mode.Slug}' plays it on processes");
            modes.Remove(mode);
        }

        if (modes.Count == 0)
        {
            output.WriteLine(Verdict.Unknown.ToString().ToLowerInvariant());
            return (int)Verdict.Unknown;
        }

        var verdict = order.Seeds == 1 && modes.Count == 1 ? RunOne(modes[0]) : new SeedSweep(order, modes, new PlanSource(order), output).Run();
        output.WriteLine(verdict.ToString().ToLowerInvariant());
        return (int)verdict;
    }

    private Verdict RunOne(Mode mode)
    {
        var plans = new PlanSource(order);
        var plan = plans.Of(mode, order.FirstSeed);
        var flaws = plans.FlawsOf(mode);
        var outcome = SeedRun.Play(plan, flaws, records: order.Out is not null);
        var again = plans.Again(mode, order.FirstSeed);
        if (order.Minimise && outcome.Verdict.Verdict == Verdict.Violated)
        {
            (plan, outcome) = new Minimiser(flaws, output).Shorten(plan, outcome);
            if (order.Out is { } kept)
            {
                outcome = SeedRun.Play(plan, flaws, records: true);
                again = new PlanSource(order with { FaultsFile = RunFolder.FaultsIn(kept) }).Again(mode, order.FirstSeed);
            }
        }

        var told = new RunOutcome(outcome.Finding, outcome.Verdict, outcome.History, "sim", again) { Messages = outcome.Messages, Trace = outcome.Trace.Hash };
        foreach (var line in GuaranteeCard.Lines(told))
        {
            output.WriteLine(line);
        }

        if (order.Minimise && outcome.Verdict.Verdict == Verdict.Violated)
        {
            output.WriteLine("the shortest schedule that still shows it (faults.json):");
            output.Write(ScheduleFile.Text(plan.Schedule));
        }

        if (order.Out is { } path)
        {
            var folder = new RunFolder(path);
            folder.Write(outcome.History);
            folder.Write(told);
            output.WriteLine($"files                            {Path.GetFullPath(path)}");
        }

        output.WriteLine($"trace                            {outcome.Trace.Hash:x16}: {outcome.Trace.Messages:N0} messages, {outcome.Trace.Flushes:N0} flushes, {outcome.VirtualTime.TotalSeconds:0.0} s of virtual time");
        output.WriteLine($"again                            {told.Again}");
        return outcome.Verdict.Verdict;
    }
}
