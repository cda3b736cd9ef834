using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;

namespace Cluster.Cluster.Tests.Harness;

/// <summary>Clients at work on a test cluster, and the verdicts on what they saw.</summary>
internal sealed class RecordedLoad : IAsyncDisposable
{
    private readonly MemoryStream recorded = new();
    private readonly HistoryClock clock = new(TimeProvider.System);
    private readonly HistoryWriter writer;
    private readonly Workload workload;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    /// <param name="doors">Nodes that the clients connect to; without, all.</param>
    public RecordedLoad(TestCluster cluster, params IReadOnlyList<string> doors)
    {
        writer = new HistoryWriter(recorded);
        workload = Workload.OnNodes(WorkloadCatalog.Kv, new WorkloadOptions { KeyPrefix = cluster.NewPrefix() }, doors.Count == 0 ? cluster.Nodes.Nodes : [.. doors.Select(cluster.Nodes.Node)], writer, clock, TimeProvider.System);
        running = workload.RunAsync(stop.Token);
    }

    public WorkloadProgress Progress => workload.Progress;

    /// <summary>Waits until so many more operations have been answered: the load is really there, and the cluster serves it.</summary>
    public Task ServeAsync(int operations, TimeSpan? deadline = null)
    {
        var goal = workload.Progress.Answered + operations;
        return Eventually.TrueAsync(deadline ?? TimeSpan.FromSeconds(30), $"{operations} more operations answered", () => Task.FromResult(workload.Progress.Answered >= goal));
    }

    public void Note(string fault, string target) => writer.Write(new FaultEvent(fault, target, clock.Now));

    /// <summary>Stops the clients, reads every key back, and holds the history against the checkers.</summary>
    public async Task<History> JudgeAsync()
    {
        await EndAsync();
        return Judge(recorded);
    }

    /// <summary>Stops the clients, reads every key back, and says what was acknowledged and is not there.</summary>
    public async Task<CheckResult> LostAsync()
    {
        await EndAsync();
        return new AcknowledgedWritesChecker().Check(HistoryReader.Read(new StreamReader(new MemoryStream(recorded.ToArray()))));
    }

    private async Task EndAsync()
    {
        await stop.CancelAsync();
        await running;
        await workload.ReadAllAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    /// <summary>Holds a recorded history against the checkers.</summary>
    public static History Judge(MemoryStream recorded)
    {
        var history = HistoryReader.Read(new StreamReader(new MemoryStream(recorded.ToArray())));
        foreach (var result in new[]
                 {
                     new AcknowledgedWritesChecker().Check(history),
                     new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history),
                 })
        {
            Assert.True(result.Verdict == Verdict.Holds, $"{result.Checker}: {result.Verdict}, {result.Summary}\n{string.Join('\n', result.Details)}");
        }

        return history;
    }

    public async ValueTask DisposeAsync()
    {
        if (!stop.IsCancellationRequested)
        {
            await stop.CancelAsync();
            await running;
        }

        stop.Dispose();
        writer.Dispose();
    }
}
