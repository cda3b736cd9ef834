using Cluster.Engine.Flaws;
using Cluster.Engine.Hosting;
using Cluster.Engine.Simulation;
using Cluster.Lab;
using Cluster.Lab.Histories;
using Cluster.Lab.Scenarios;
using Cluster.Simulator.Stage;

namespace Cluster.Simulator.Runs;

/// <summary>Plays one plan in a cluster of its own, all of it chosen by the seed, and judges it. Nothing is shared with other runs.</summary>
internal static class SeedRun
{
    /// <summary>Between two operations of one client, where the scenario says nothing: a client at work, not a benchmark.</summary>
    private static readonly TimeSpan ThinkTime = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan FormsWithin = TimeSpan.FromSeconds(30);

    /// <summary>A run that has not ended so long after its clients' time hangs.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(5);

    public static ScenarioPlan Paced(ScenarioPlan plan) => plan with
    {
        Scenario = plan.Scenario with { Workloads = [.. plan.Scenario.Workloads.Select(workload => workload with { Pause = workload.Pause ?? ThinkTime })] },
    };

    /// <exception cref="LabException">The cluster did not form, or the run did not end.</exception>
    public static SeedOutcome Play(ScenarioPlan plan, IReadOnlyList<string> flaws)
    {
        var cluster = new SimulatedCluster(plan.Seed, plan.Scenario.Nodes, options => Tuned(options, plan, flaws));
        foreach (var node in cluster.Nodes)
        {
            node.DiskLatency = TimeSpan.FromMilliseconds(1 + cluster.Random.Next(4));
        }

        var stage = new SimulatedStage(cluster);
        cluster.StartAll();
        Pump(cluster, () => stage.NotReadyBecause is null, FormsWithin, () => $"the cluster did not form: {stage.NotReadyBecause}");
        var history = new HistoryRecorder();
        var playing = new ScenarioRun(plan, stage, history).RunAsync(CancellationToken.None);
        Pump(cluster, () => playing.IsCompleted, plan.Span + EndsWithin, () => "the run did not end");
        var finding = playing.GetAwaiter().GetResult();
        return new SeedOutcome(finding, ScenarioJudge.Judge(finding, history.ToHistory(), stage.Judge(), TimeProvider.System), history.ToHistory(), 0, cluster.Now);
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
        return options with
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

    private static PlantedFlaw Flaw(string name) => FlawCatalog.TryFind(name, out var flaw) ? flaw : throw new LabException($"there is no flaw '{name}'; there are {FlawCatalog.Names}");
}
