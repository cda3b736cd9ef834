using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Tests.Schedules;
using Cluster.Lab.Tests.Workloads;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Scenarios;

/// <summary>A stage of words under virtual time: one store in memory, and nodes that live and die without it.</summary>
internal sealed class FakeStage(VirtualClock time, FakeStore store) : IScenarioStage
{
    public string Engine => "sim";

    public TimeProvider Time => time;

    public FakeFaultTarget Nodes { get; } = new(time);

    public IFaultTarget Faults => Nodes;

    /// <summary>What each look at the nodes finds.</summary>
    public Func<string?> NotReadyBecause { get; set; } = static () => null;

    public IClientSession Connect(WorkloadOptions options, int client) => new FakeSession(store, client, time, lostPercent: 0);

    public Task<string?> NotReadyBecauseAsync(CancellationToken cancellation) => Task.FromResult(NotReadyBecause());

    public Task<IReadOnlyList<Happening>> HappeningsAsync(HistoryClock clock, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Happening>>([new Happening(clock.Now, "n1", "leader", "leads s1")]);

    public IReadOnlyList<CheckResult> Judge() => [];

    /// <summary>Plays a plan from beginning to end.</summary>
    public (ScenarioFinding Finding, History History) Play(ScenarioPlan plan)
    {
        var history = new HistoryRecorder();
        ScenarioFinding? finding = null;
        time.Run(async () => finding = await new ScenarioRun(plan, this, history).RunAsync(CancellationToken.None).ConfigureAwait(false));
        return (finding!, history.ToHistory());
    }
}
