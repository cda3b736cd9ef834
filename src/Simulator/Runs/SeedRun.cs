using Cluster.Engine.Flaws;
using Cluster.Engine.Hosting;
using Cluster.Engine.Simulation;
using Cluster.Engine.Simulation.Safety;
using Cluster.Lab;
using Cluster.Lab.Histories;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Stage;

namespace Cluster.Simulator.Runs;

/// <summary>Plays one plan in a cluster of its own, all of it chosen by the seed, and judges it. Nothing is shared with other runs.</summary>
internal static class SeedRun
{
    /// <summary>Between two operations of one client, where the scenario says nothing: a client at work, not a benchmark.</summary>
    private static readonly TimeSpan ThinkTime = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan FormsWithin = TimeSpan.FromSeconds(30);

    private const double LeaseDrift = 0.05;

    /// <summary>A run that has not ended so long after its clients' time hangs.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(5);

    public static ScenarioPlan Paced(ScenarioPlan plan) => plan with
    {
        Scenario = plan.Scenario with { Workloads = [.. plan.Scenario.Workloads.Select(workload => workload with { Pause = workload.Pause ?? ThinkTime })] },
    };

    /// <param name="flaws">Planted in every node.</param>
    /// <param name="records">Whether the nodes' messages are kept, which takes memory and time.</param>
    /// <exception cref="LabException">The cluster did not form, or the run did not end.</exception>
    public static SeedOutcome Play(ScenarioPlan plan, IReadOnlyList<string> flaws, bool records = false)
    {
        var cluster = new SimulatedCluster(plan.Seed, plan.Scenario.Nodes, options => Tuned(options, plan, flaws), plan.Scenario.Clusters);
        foreach (var node in cluster.Nodes)
        {
            node.DiskLatency = TimeSpan.FromMilliseconds(1 + cluster.Random.Next(4));
        }

        foreach (var safety in cluster.SafetyOfEach)
        {
            safety.Excused.UnionWith(Excused(plan));
        }

        var stage = new SimulatedStage(cluster, [.. ModeCatalog.All.Where(mode => mode.Slug == plan.Scenario.Slug)]);
        var history = new HistoryRecorder();
        var (run, finding) = Finish(cluster, () => new ScenarioRun(plan, stage, history), plan.Span + EndsWithin, records);
        return new SeedOutcome(finding, ScenarioJudge.Judge(finding, history.ToHistory(), stage.Judge(), TimeProvider.System), history.ToHistory(), cluster.Trace, cluster.Now) { Messages = records ? stage.MessagesOn(run.Clock) : [] };
    }

    private static SafetyRule[] Excused(ScenarioPlan plan) => plan.Bug is { } bug && ScenarioPlan.Find(plan.Scenario, bug).JudgedByClientsOnly ? Enum.GetValues<SafetyRule>()
        : plan.Schedule.Faults.Any(IsBeyondTheLease) ? [SafetyRule.OneLeaderServes, SafetyRule.OneSingletonActs]
        : [];

    /// <summary>A lease trusts that clocks do not drift apart by more than this; what it says under more is no fault of the mode.</summary>
    private static bool IsBeyondTheLease(PlannedFault fault) => fault.Kind == FaultType.ClockDrift && Math.Abs(FaultAmount.Rate(fault) - 1) > LeaseDrift;

    /// <summary>A broken rule of safety ends a run where it is seen: what comes after it means nothing.</summary>
    /// <param name="begin">Makes the run, whose history begins with it: when the cluster stands, as on real nodes.</param>
    private static (ScenarioRun Run, ScenarioFinding Finding) Finish(SimulatedCluster cluster, Func<ScenarioRun> begin, TimeSpan limit, bool records)
    {
        ScenarioRun? run = null;
        try
        {
            cluster.StartAll();
            Pump(cluster, () => SimulatedStage.NotReadyBecause(cluster) is null, FormsWithin, () => $"the cluster did not form: {SimulatedStage.NotReadyBecause(cluster)}");
            foreach (var node in records ? cluster.Nodes : [])
            {
                node.Recorder.Start();
            }

            run = begin();
            var playing = run.RunAsync(CancellationToken.None);
            Pump(cluster, () => playing.IsCompleted, limit, () => "the run did not end");
            return (run, playing.GetAwaiter().GetResult());
        }
        catch (SafetyViolationException broken)
        {
            run ??= begin();
            return (run, run.BrokenOff(broken.Violation.Sentence));
        }
    }

    private static void Pump(SimulatedCluster cluster, Func<bool> isOver, TimeSpan limit, Func<string> what)
    {
        for (var end = cluster.Now + limit; !isOver(); cluster.Step(end))
        {
            if (cluster.Now >= end)
            {
                throw new LabException($"{what()} within {limit.TotalSeconds:0} s of virtual time; what the nodes said:\n{cluster.Diary}");
            }
        }
    }

    /// <summary>Every other seed compacts its logs after some hundred writes, so that whoever was away long enough needs a snapshot.</summary>
    private static EngineOptions Tuned(EngineOptions options, ScenarioPlan plan, IReadOnlyList<string> flaws)
    {
        var compacts = plan.Seed % 2 == 0;
        return ModeHost.Configure(options, ModeCatalog.All) with
        {
            Shards = plan.Scenario.Shards ?? options.Shards,
            Flaws = [.. flaws.Select(Flaw)],
            Replication = !compacts ? options.Replication : options.Replication with
            {
                SnapshotAfterLogBytes = 12 * 1024,
                SnapshotChunkBytes = 4 * 1024,
                Raft = options.Replication.Raft with { KeepEntries = 32 },
            },
        };
    }

    private static PlantedFlaw Flaw(string name) => ModeCatalog.FindFlaw(name) ?? throw new LabException($"there is no flaw '{name}'; there are {ModeCatalog.FlawNames}");
}
