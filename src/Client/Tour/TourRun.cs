using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Processes;
using Cluster.Lab.Workloads;
using Cluster.Shared.Http;

namespace Cluster.Client.Tour;

/// <summary>
/// The newcomer's first five minutes, in under two: a cluster, keys, clients at work, the leader of a shard killed, and a verdict from what the clients
/// saw. Whatever happens, what it started is stopped. Holds only if the kill happened and the checkers agree.
/// </summary>
internal sealed class TourRun(LocalCluster cluster, Narrator narrator)
{
    public const int LoadedKeys = 1_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AfterFailover = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AfterRestart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FailoverDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(25);

    private readonly HistoryClock clock = new(TimeProvider.System);
    private readonly WorkloadOptions options = new() { KeyPrefix = "work:" };

    public async Task<Verdict> RunAsync(CancellationToken cancellation)
    {
        TourFinding finding;
        using (var history = HistoryWriter.Create(cluster.Directory.HistoryPath))
        {
            finding = await RunStoryAsync(history, cancellation).ConfigureAwait(false);
        }

        return new TourVerdict(narrator, cluster.Directory.HistoryPath, cluster.Directory.ReportPath).Judge(finding);
    }

    private async Task<TourFinding> RunStoryAsync(HistoryWriter history, CancellationToken cancellation)
    {
        var keys = new TourKeys(LoadedKeys, history, clock);
        narrator.Step($"Load {Format.Count(LoadedKeys)} keys", "Over the Redis protocol, into any node: each key goes to its shard's leader, and is acknowledged when a majority has it on disk.");
        var start = clock.Now;
        await keys.LoadAsync(cluster.Nodes[0], cancellation).ConfigureAwait(false);
        narrator.Say($"{Format.Count(LoadedKeys)} writes acknowledged in {Format.Duration(Since(start))}");

        narrator.Step("Put clients to work", $"{options.Processes} clients read, write, compare-and-set and count on {options.KeyValueKeys().Count} keys, and record every answer.");
        var workload = Workload.OnNodes(WorkloadCatalog.Kv, options, cluster.Nodes, history, clock, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = workload.RunAsync(stop.Token);
        var finding = new TourFinding();
        try
        {
            await WatchAsync(workload, WarmUp, cancellation).ConfigureAwait(false);
            narrator.Say($"in {WarmUp.TotalSeconds:0} s: {Format.Progress(workload.Progress)}");
            finding = await KillLeaderAsync(history, workload, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }

        narrator.Step("Read everything back", "After the clients have stopped: what was acknowledged must be there.");
        try
        {
            await workload.ReadAllAsync(ReadDeadline, cancellation).ConfigureAwait(false);
            await keys.ReadBackAsync(cluster.Nodes[^1], cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LabException or IOException)
        {
            return finding with { Doubt = e.Message, Progress = workload.Progress };
        }

        return finding with { Progress = workload.Progress };
    }

    private async Task<TourFinding> KillLeaderAsync(HistoryWriter history, Workload workload, CancellationToken cancellation)
    {
        var before = await ViewAsync(null, cancellation).ConfigureAwait(false);
        var target = before is null ? null : TourTarget.Choose(before, options.KeyValueKeys());
        if (target is null)
        {
            return new TourFinding { Doubt = "no shard with a leader was found, so none was killed" };
        }

        var process = cluster.Process(target.Leader);
        narrator.Step($"Kill {target.Leader} with SIGKILL", $"It leads {target.Name} and {CountLed(before!, target.Leader) - 1} other shards; no goodbye, nothing flushed, clients in the middle of their requests.");
        if (!process.Kill() || !await process.WaitForExitAsync(FailoverDeadline, TimeProvider.System, cancellation).ConfigureAwait(false))
        {
            return new TourFinding { Doubt = $"{target.Leader} (process {process.Pid}) could not be killed" };
        }

        var killedAt = clock.Now;
        history.Write(new FaultEvent("kill", target.Leader, killedAt));
        narrator.SayMarkup($"{Format.Bad("0 ms")}  {target.Leader} (process {process.Pid}) is dead; {target.Name} has no leader");
        var finding = new TourFinding { Target = target, KilledAt = killedAt, Shards = before!.Shards };
        if (!await WatchFailoverAsync(target, killedAt, workload, cancellation).ConfigureAwait(false))
        {
            return finding with { Doubt = $"{target.Name} had no new leader after {Format.Duration(FailoverDeadline)}" };
        }

        await WatchAsync(workload, AfterFailover, cancellation).ConfigureAwait(false);
        narrator.Step($"Start {target.Leader} again on its data", "It catches up from the others' logs and takes its share of the shards back.");
        var start = clock.Now;
        await cluster.RestartAsync(target.Leader, cancellation).ConfigureAwait(false);
        await ClusterStart.WaitAsync(cluster, [target.Leader], ClusterStart.ReadyDeadline, cancellation).ConfigureAwait(false);
        history.Write(new FaultEvent("restart", target.Leader, clock.Now));
        narrator.Say($"{target.Leader} is ready after {Format.Duration(Since(start))}");
        await WatchAsync(workload, AfterRestart, cancellation).ConfigureAwait(false);
        return finding;
    }

    private async Task<bool> WatchFailoverAsync(TourTarget target, long killedAt, Workload workload, CancellationToken cancellation)
    {
        while (Since(killedAt) < FailoverDeadline)
        {
            var view = await ViewAsync(target.Leader, cancellation).ConfigureAwait(false);
            var shard = view?.Shards.FirstOrDefault(shard => shard.Shard == target.Shard.Shard);
            if (shard?.Leader is { } leader && leader != target.Leader)
            {
                narrator.SayMarkup($"{Format.Good(Format.Duration(Since(killedAt)))}  {leader} leads {target.Name} now{(shard.Term == 0 ? "" : $", in term {shard.Term}")}");
                return true;
            }

            narrator.Progress($"{Format.Duration(Since(killedAt))}  {target.Name} waits for a leader; {Format.Progress(workload.Progress)}");
            await Task.Delay(Glance, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    private async Task WatchAsync(Workload workload, TimeSpan time, CancellationToken cancellation)
    {
        var start = clock.Now;
        while (Since(start) < time)
        {
            narrator.Progress(Format.Progress(workload.Progress));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The view of the first node that answers, <paramref name="without"/> one.</summary>
    private async Task<ClusterView?> ViewAsync(string? without, CancellationToken cancellation)
    {
        foreach (var name in (await cluster.RunningAsync(cancellation).ConfigureAwait(false)).Where(name => name != without))
        {
            using var api = cluster.Api(name, TimeSpan.FromSeconds(1));
            try
            {
                return await api.GetClusterAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
            {
                // The next one may answer.
            }
        }

        return null;
    }

    private static int CountLed(ClusterView view, string node) => view.Shards.Count(shard => shard.Shard > 0 && shard.Leader == node);

    private TimeSpan Since(long at) => TimeSpan.FromTicks((clock.Now - at) / TimeSpan.NanosecondsPerTick);
}
