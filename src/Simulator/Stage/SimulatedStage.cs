using Cluster.Engine.Simulation;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Simulator.Stage;

/// <summary>A scenario in one thread under virtual time.</summary>
internal sealed class SimulatedStage : IScenarioStage
{
    private readonly SimulatedCluster cluster;
    private readonly EngineCalls calls = new();

    public SimulatedStage(SimulatedCluster cluster)
    {
        this.cluster = cluster;
        cluster.Settled = calls.Settle;
        Faults = new SimulatedFaults(cluster, calls);
    }

    public string Engine => "sim";

    public TimeProvider Time => cluster.Time;

    public IFaultTarget Faults { get; }

    public IStoreSession Connect(WorkloadOptions options, int client) => new SimulatedSession(cluster, calls, client, options);

    /// <summary>In words, which node does not serve, and why; null when every node serves.</summary>
    public string? NotReadyBecause => cluster.Nodes
        .Select(node => node.IsRunning ? node.Engine.View.NotReadyBecause is { } reason ? $"{node.Name}: {reason}" : null : $"{node.Name} is dead")
        .FirstOrDefault(reason => reason is not null);

    public Task<string?> NotReadyBecauseAsync(CancellationToken cancellation) => Task.FromResult(NotReadyBecause);

    public Task<IReadOnlyList<Happening>> HappeningsAsync(HistoryClock clock, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Happening>>([]);

    public IReadOnlyList<CheckResult> Judge() => [];
}
