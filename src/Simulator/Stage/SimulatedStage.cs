using System.Globalization;
using Cluster.Engine.Simulation;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;
using Cluster.Lab.Reports;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Modes;

namespace Cluster.Simulator.Stage;

/// <summary>A scenario in one thread under virtual time.</summary>
internal sealed class SimulatedStage : IScenarioStage
{
    private readonly SimulatedCluster cluster;
    private readonly EngineCalls calls = new();
    private readonly SimulatedModes modes;

    /// <param name="cluster">No node of it has started yet: each is to host the modes from its start.</param>
    /// <param name="played">The modes whose operations clients ask.</param>
    public SimulatedStage(SimulatedCluster cluster, IReadOnlyList<Mode> played)
    {
        modes = new SimulatedModes(cluster, played);
        this.cluster = cluster;
        cluster.Settled = calls.Settle;
        Faults = new SimulatedFaults(cluster, calls);
    }

    public string Engine => "sim";

    public TimeProvider Time => cluster.Time;

    public IFaultTarget Faults { get; }

    public IClientSession Connect(WorkloadOptions options, int client) => new SimulatedSession(cluster, modes, calls, client, options);

    /// <summary>What the nodes said to each other, on the history's clock; nothing where they did not record.</summary>
    public IReadOnlyList<RecordedMessage> MessagesOn(HistoryClock clock) => MessageJoiner.Join(cluster.Nodes.SelectMany(node => node.Recorder.Read(0, int.MaxValue)), clock.Beginning);

    public Task<string?> NotReadyBecauseAsync(CancellationToken cancellation) => Task.FromResult(NotReadyBecause(cluster));

    public Task<IReadOnlyList<Happening>> HappeningsAsync(HistoryClock clock, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Happening>>(
        [.. cluster.Nodes.Where(node => node.IsRunning).SelectMany(node => node.Engine.Events.Read(0)).Select(told => Happening.Of(told, cluster.Time.GetUtcNow() - TimeSpan.FromTicks(clock.Now / TimeSpan.NanosecondsPerTick))).OfType<Happening>()]);

    /// <summary>Raft's rules, and what a node owes its disk: judged at every step, by one who sees all nodes at once.</summary>
    public IReadOnlyList<CheckResult> Judge()
    {
        var all = cluster.SafetyOfEach;
        return all.Select(safety => safety.Violation).FirstOrDefault(violation => violation is not null) is { } broken
            ? [new CheckResult("safety", Verdict.Violated, $"{broken.Sentence} ({broken.Rule})", [string.Create(CultureInfo.InvariantCulture, $"after {broken.At.TotalSeconds:0.000} s of virtual time, on {string.Join(", ", broken.Nodes)}")])]
            : [new CheckResult("safety", Verdict.Holds, string.Create(CultureInfo.InvariantCulture, $"no rule of Raft broken in {all.Sum(safety => safety.Elections)} elections and {all.Sum(safety => safety.Committed)} commits; {all.Sum(safety => safety.AnswersJudged)} answers stood on a majority's disks"), [])];
    }

    /// <summary>In words, which node does not serve, and why; null when every node serves.</summary>
    public static string? NotReadyBecause(SimulatedCluster cluster) => cluster.Nodes
        .Select(node => !node.IsRunning ? $"{node.Name} is dead: {node.Fatal ?? "nobody started it again"}" : node.Engine.View.NotReadyBecause is { } reason ? $"{node.Name}: {reason}" : null)
        .FirstOrDefault(reason => reason is not null);
}
