using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Scenarios;

/// <summary>Where a scenario is played: processes, containers, or a simulated cluster. It stands and is ready when it is handed over.</summary>
public interface IScenarioStage
{
    /// <summary>process, compose, remote or sim.</summary>
    string Engine { get; }

    /// <summary>The clock of clients and faults: virtual where the cluster is.</summary>
    TimeProvider Time { get; }

    IFaultTarget Faults { get; }

    /// <summary>The session of the client of this number, from 0.</summary>
    IClientSession Connect(WorkloadOptions options, int client);

    /// <summary>In words, which node does not serve, and why; null when every node serves.</summary>
    Task<string?> NotReadyBecauseAsync(CancellationToken cancellation);

    /// <summary>What the cluster told of itself since the run began, on the history's clock.</summary>
    Task<IReadOnlyList<Happening>> HappeningsAsync(HistoryClock clock, CancellationToken cancellation);

    /// <summary>Verdicts that only this stage can reach, since it sees more than clients do.</summary>
    IReadOnlyList<CheckResult> Judge();
}
