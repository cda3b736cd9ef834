using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Shared.Wire;

namespace Cluster.Cluster.Tests.Workloads;

/// <summary>The whole catalogue on real processes: what the workloads' recipes rest on (WATCH, EXEC, PX, MGET) is really kept.</summary>
[Collection(OneClusterGroup.Name)]
public class EveryWorkloadTests(OneCluster shared)
{
    /// <summary>Answered operations of each workload before it is stopped: enough for its checkers to have something to judge.</summary>
    private const int Enough = 400;

    [Fact]
    public async Task Every_workload_holds_on_real_processes()
    {
        await using var cluster = await shared.WholeAsync();
        foreach (var entry in WorkloadCatalog.All.Where(entry => !entry.NeedsClusters))
        {
            await using var one = new One(cluster, entry, ReadConsistency.Linearizable, clients: 8);
            await one.ServeAsync(Enough);
            await one.JudgeAsync();
        }
    }

    [Fact]
    public async Task Every_workload_holds_while_a_node_is_killed()
    {
        await using var cluster = await shared.WholeAsync();
        var all = WorkloadCatalog.All.Where(entry => !entry.JudgesTime && !entry.NeedsClusters).Select(entry => new One(cluster, entry, ReadConsistency.Linearizable, clients: 3)).ToList();
        foreach (var one in all)
        {
            await one.ServeAsync(100);
        }

        await cluster.KillAsync("n2");
        foreach (var one in all)
        {
            await one.ServeAsync(100);
        }

        await cluster.RestartAsync("n2");
        foreach (var one in all)
        {
            await one.ServeAsync(50);
            await one.StopAsync();
        }

        foreach (var one in all)
        {
            await one.JudgeAsync();
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_is_promised_of_stale_reads_holds()
    {
        await using var cluster = await shared.WholeAsync();
        foreach (var entry in WorkloadCatalog.All.Where(entry => entry.StaleCheckers.Count > 0))
        {
            await using var one = new One(cluster, entry, ReadConsistency.Stale, clients: 4);
            await one.ServeAsync(Enough / 2);
            await one.JudgeAsync();
        }
    }

    /// <summary>One workload on a cluster.</summary>
    private sealed class One : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly HistoryRecorder recorder = new();
        private readonly CancellationTokenSource stop = new();
        private readonly WorkloadEntry entry;
        private readonly ReadConsistency reads;
        private readonly Workload workload;
        private readonly Task running;
        private readonly IReadOnlyList<string> nodes;

        public One(TestCluster cluster, WorkloadEntry entry, ReadConsistency reads, int clients)
        {
            (this.entry, this.reads, nodes) = (entry, reads, [.. cluster.Nodes.Nodes.Select(node => node.Name)]);
            var options = new WorkloadOptions { Processes = clients, KeyPrefix = $"{cluster.NewPrefix()}{entry.Name}:", Consistency = reads };
            workload = Workload.OnNodes(entry, options, cluster.Nodes.Nodes, recorder, new HistoryClock(TimeProvider.System), TimeProvider.System);
            running = workload.RunAsync(stop.Token);
        }

        public Task ServeAsync(int operations)
        {
            var goal = workload.Progress.Answered + operations;
            return Eventually.TrueAsync(TimeSpan.FromSeconds(60), $"{operations} more operations of {entry.Name} answered", () => Task.FromResult(workload.Progress.Answered >= goal));
        }

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await running;
        }

        public async Task JudgeAsync()
        {
            await StopAsync();
            await (entry.CheckersOf(reads).Contains(CheckerCatalog.Convergence)
                ? workload.ReadEverywhereAsync(nodes, Patience, Patience, TestContext.Current.CancellationToken)
                : workload.ReadAllAsync(Patience, TestContext.Current.CancellationToken));
            foreach (var name in entry.CheckersOf(reads))
            {
                var result = CheckerCatalog.Find(name)!.Create(CheckLimits.Default, TimeProvider.System).Check(recorder.ToHistory());
                Assert.True(result.Verdict == Verdict.Holds, $"{entry.Name}, {result.Checker}: {result.Verdict}, {result.Summary}\n{string.Join('\n', result.Details)}");
            }
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }
    }
}
