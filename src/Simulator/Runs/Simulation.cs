using System.Diagnostics;
using Cluster.Lab.Checkers;
using Cluster.Lab.Scenarios;
using Cluster.Modes;
using Cluster.Shared.Scenarios;

namespace Cluster.Simulator.Runs;

internal sealed class Simulation(SimulationOrder order, TextWriter output)
{
    public int Run()
    {
        var scenario = ModeCatalog.Find(order.Slugs[0])!.Lab;
        var watch = Stopwatch.StartNew();
        var total = TimeSpan.Zero;
        for (var seed = order.FirstSeed; seed < order.FirstSeed + order.Seeds; seed++)
        {
            var one = Stopwatch.StartNew();
            var plan = SeedRun.Paced(ScenarioPlan.Generate(scenario, order.Bug, seed, TimeSpan.FromSeconds(order.Seconds)));
            var outcome = SeedRun.Play(plan, order.Bug is null ? [] : ScenarioPlan.Find(scenario, order.Bug).Flaws);
            total += outcome.VirtualTime;
            output.WriteLine($"seed {seed}: {outcome.Verdict.Verdict} {outcome.Verdict.Doubt} {outcome.VirtualTime.TotalSeconds:0.0} s virtual in {one.ElapsedMilliseconds} ms, {outcome.Finding.Progress}; {string.Join(", ", outcome.Finding.Faults.Happened.Select(f => $"{f.Key} {f.Value}"))} missed: {string.Join(", ", outcome.Finding.Faults.Missed.Select(m => $"{m.Fault.Kind}: {m.Because}"))}");
            foreach (var result in outcome.Verdict.Results.Where(result => result.Verdict != Verdict.Holds))
            {
                output.WriteLine($"   {result.Checker}: {result.Verdict}: {result.Summary}\n      {string.Join("\n      ", result.Details)}");
            }
        }

        output.WriteLine($"{total.TotalSeconds / watch.Elapsed.TotalSeconds:0} times real time");
        return 0;
    }
}
