using Cluster.Lab.Faults;
using Cluster.Lab.Http;
using Cluster.Lab.Members;
using Cluster.Lab.Processes;
using Cluster.Lab.Surveys;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>A real cluster as a schedule breaks it: processes by signals or by the Docker engine, what is inside them by their admin interface.</summary>
/// <param name="losesUnflushed">Whether its nodes hold what is not flushed in memory, so that SIGKILL loses it as a power loss does.</param>
public sealed class ClusterFaults(ClusterTarget cluster, bool losesUnflushed) : IFaultTarget
{
    /// <summary>A node that does not answer by then is not told; it is tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);

    /// <summary>A node reads its log before it serves; on a busy machine its runtime alone takes seconds to start.</summary>
    private static readonly TimeSpan RefusalDeadline = TimeSpan.FromSeconds(20);

    /// <summary>The control plane must have a majority for it, which other faults may take away for a while.</summary>
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Every replica of the leaver moves first, under whatever other faults there are.</summary>
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Of a node's log: what it ended for stands among them, before what its links have to say about it.</summary>
    private const int LastLines = 200;

    private const int LinesTold = 3;

    /// <summary>What strikes a process from outside, or ends in one that must be started again.</summary>
    private static readonly FaultType[] OnProcesses = [FaultType.Kill, FaultType.PowerLoss, FaultType.Restart, FaultType.Pause, FaultType.Leave, FaultType.Disconnect, FaultType.FailFsync, FaultType.BitFlip];

    private readonly HashSet<string> mayBeDead = [];
    private readonly Dictionary<string, string> ended = [];

    public IReadOnlyList<string> NodeNames => cluster.NodeNames;

    public IReadOnlyList<IReadOnlyList<string>> Clusters => cluster.Clusters;

    public IReadOnlyDictionary<FaultType, string> Unsupported
    {
        get
        {
            var unsupported = new Dictionary<FaultType, string>();
            if (!cluster.ReachesProcesses)
            {
                foreach (var kind in OnProcesses)
                {
                    unsupported[kind] = "this console reaches its nodes over the network only, and can neither end nor start one";
                }
            }

            if (!losesUnflushed)
            {
                unsupported.TryAdd(FaultType.PowerLoss, "its nodes were not started with --disk-faults lose-unsynced (containers: CLUSTER_DISK_FAULTS=lose-unsynced), so a kill loses nothing");
            }

            if (cluster is not LocalCluster)
            {
                unsupported.TryAdd(FaultType.BitFlip, "its nodes keep their data where this console cannot reach it");
            }

            if (!cluster.HasNetworkOfItsOwn)
            {
                unsupported.TryAdd(FaultType.Disconnect, "its nodes have no network of their own to be taken off; 'cut' cuts their links");
            }

            return unsupported;
        }
    }

    public string? WhyNoDatabase => cluster.Database is null ? "its nodes use no database whose processes this console reaches: a lab that starts its own cluster also starts one, unless --postgres names another" : null;

    public async Task<bool> KillAsync(string node, bool losesUnflushed, CancellationToken cancellation)
    {
        await LookAsync(node, cancellation).ConfigureAwait(false);
        mayBeDead.Add(node);
        return await cluster.KillAsync(node, cancellation).ConfigureAwait(false) && await cluster.WaitForAsync(node, ProcessState.Dead, EndDeadline, cancellation).ConfigureAwait(false);
    }

    public async Task StartAsync(string node, CancellationToken cancellation)
    {
        await LookAsync(node, cancellation).ConfigureAwait(false);
        await cluster.RestartAsync(node, cancellation).ConfigureAwait(false);
        mayBeDead.Remove(node);
    }

    public Task<bool> PauseAsync(string node, CancellationToken cancellation) => cluster.PauseAsync(node, cancellation);

    public Task<bool> ResumeAsync(string node, CancellationToken cancellation) => cluster.ResumeAsync(node, cancellation);

    public async Task LeaveAsync(string node, CancellationToken cancellation)
    {
        mayBeDead.Add(node);
        var departure = new Departure(cluster, node, LeaveDeadline);
        await departure.BeginAsync(cancellation).ConfigureAwait(false);
        await departure.EndAsync(static () => { }, cancellation).ConfigureAwait(false);
    }

    public Task RejoinAsync(string node, CancellationToken cancellation) => StartAsync(node, cancellation);

    public Task DamageAsync(string node, int seed, CancellationToken cancellation)
    {
        BitFlip.Make(((LocalCluster)cluster).Directory.DataOf(node), new Random(seed));
        return Task.CompletedTask;
    }

    public async Task ReplaceAsync(string node, CancellationToken cancellation)
    {
        mayBeDead.Add(node);
        await cluster.RestartAsync(node, cancellation).ConfigureAwait(false);
        if (!await cluster.WaitForAsync(node, ProcessState.Dead, RefusalDeadline, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{node} has started on a damaged log, and runs after {RefusalDeadline.TotalSeconds:0} s: it must refuse");
        }

        var change = new MemberChange(cluster);
        await change.DownAsync(node, cancellation).ConfigureAwait(false);
        if (!await change.WaitUntilAsync(node, ["removed"], RemovalDeadline, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{node} is down and {RemovalDeadline.TotalSeconds:0} s later still not removed from the cluster");
        }

        await cluster.RestartAsync(node, cancellation, fresh: true).ConfigureAwait(false);
        mayBeDead.Remove(node);
    }

    public Task DisconnectAsync(string node, CancellationToken cancellation) => cluster.DisconnectAsync(node, cancellation);

    public Task ReconnectAsync(string node, CancellationToken cancellation) => cluster.ReconnectAsync([node], cancellation);

    public async Task<NodeLife> LifeAsync(string node, CancellationToken cancellation) => await cluster.StateAsync(node, cancellation).ConfigureAwait(false) switch
    {
        ProcessState.Dead => NodeLife.Dead,
        ProcessState.Paused => NodeLife.Paused,
        _ => NodeLife.Running,
    };

    public Task<bool> SetLinksAsync(string node, IReadOnlyList<LinkFaultView> faults, CancellationToken cancellation) =>
        TellAsync(node, api => api.PutLinksAsync(faults, cancellation), cancellation);

    public async Task<bool> SetInsideAsync(string node, InsideFaults faults, CancellationToken cancellation)
    {
        if (!await TellAsync(node, api => api.PutClockAsync(faults.Clock, cancellation), cancellation).ConfigureAwait(false))
        {
            return false;
        }

        if (faults.Disk.FailFlush)
        {
            mayBeDead.Add(node); // It must end itself, and is started again when the fault is over.
        }

        return await TellAsync(node, api => api.PutDiskAsync(faults.Disk with { LoseUnsynced = losesUnflushed }, cancellation), cancellation).ConfigureAwait(false)
            || (faults.Disk.FailFlush && await cluster.WaitForAsync(node, ProcessState.Dead, EndDeadline, cancellation).ConfigureAwait(false)); // It answered a moment ago, and ended sooner than it could again.
    }

    public async Task<IReadOnlyDictionary<string, string>> EndedThemselvesAsync(CancellationToken cancellation)
    {
        foreach (var node in cluster.Database is null ? cluster.NodeNames : [.. cluster.NodeNames, ClusterTarget.DatabaseName])
        {
            await LookAsync(node, cancellation).ConfigureAwait(false);
        }

        return ended;
    }

    public async Task<string?> FindHolderAsync(string office, CancellationToken cancellation)
    {
        var report = await new ClusterSurvey(cluster).AskAsync(allViews: false, cancellation).ConfigureAwait(false);
        return OfficeHolder.Find(office, report.Shards, report.Singletons);
    }

    private async Task LookAsync(string node, CancellationToken cancellation)
    {
        if (!mayBeDead.Contains(node) && await cluster.StateAsync(node, cancellation).ConfigureAwait(false) == ProcessState.Dead)
        {
            var last = await cluster.LastLogLinesAsync(node, LastLines, cancellation).ConfigureAwait(false);
            var grave = last.Where(line => line.Contains(" crit: ", StringComparison.Ordinal)).ToList();
            ended.TryAdd(node, string.Join('\n', (grave.Count > 0 ? grave : last).TakeLast(LinesTold)));
        }
    }

    private async Task<bool> TellAsync(string node, Func<NodeApi, Task> tell, CancellationToken cancellation)
    {
        using var api = cluster.Api(node, Patience);
        try
        {
            await tell(api).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (NodeRefusedException refused) when ((int)refused.Status >= 500)
        {
            return false; // It is starting or ending.
        }
    }
}
