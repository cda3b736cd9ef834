using Cluster.Lab.Http;
using Cluster.Lab.Members;
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

    /// <summary>Every replica of the leaver moves first, under whatever other faults there are.</summary>
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> NodeNames => cluster.NodeNames;

    public IReadOnlyDictionary<FaultType, string> Unsupported
    {
        get
        {
            var unsupported = new Dictionary<FaultType, string>();
            if (!losesUnflushed)
            {
                unsupported[FaultType.PowerLoss] = "its nodes were not started with --disk-faults lose-unsynced, so a kill loses nothing";
            }

            if (!cluster.HasNetworkOfItsOwn)
            {
                unsupported[FaultType.Disconnect] = "its nodes have no network of their own to be taken off; 'cut' cuts their links";
            }

            return unsupported;
        }
    }

    public async Task<bool> KillAsync(string node, bool losesUnflushed, CancellationToken cancellation) =>
        await cluster.KillAsync(node, cancellation).ConfigureAwait(false) && await cluster.WaitForAsync(node, ProcessState.Dead, EndDeadline, cancellation).ConfigureAwait(false);

    public Task StartAsync(string node, CancellationToken cancellation) => cluster.RestartAsync(node, cancellation);

    public Task<bool> PauseAsync(string node, CancellationToken cancellation) => cluster.PauseAsync(node, cancellation);

    public Task<bool> ResumeAsync(string node, CancellationToken cancellation) => cluster.ResumeAsync(node, cancellation);

    public async Task LeaveAsync(string node, CancellationToken cancellation)
    {
        var departure = new Departure(cluster, node, LeaveDeadline);
        await departure.BeginAsync(cancellation).ConfigureAwait(false);
        await departure.EndAsync(static () => { }, cancellation).ConfigureAwait(false);
    }

    public Task RejoinAsync(string node, CancellationToken cancellation) => cluster.RestartAsync(node, cancellation);

    public Task DisconnectAsync(string node, CancellationToken cancellation) => cluster.DisconnectAsync(node, cancellation);

    public Task ReconnectAsync(CancellationToken cancellation) => cluster.ReconnectAsync(cancellation);

    public async Task<NodeLife> LifeAsync(string node, CancellationToken cancellation) => await cluster.StateAsync(node, cancellation).ConfigureAwait(false) switch
    {
        ProcessState.Dead => NodeLife.Dead,
        ProcessState.Paused => NodeLife.Paused,
        _ => NodeLife.Running,
    };

    public Task<bool> SetLinksAsync(string node, IReadOnlyList<LinkFaultView> faults, CancellationToken cancellation) =>
        TellAsync(node, api => api.PutLinksAsync(faults, cancellation), cancellation);

    public Task<bool> SetInsideAsync(string node, InsideFaults faults, CancellationToken cancellation) => TellAsync(
        node,
        async api =>
        {
            await api.PutDiskAsync(faults.Disk with { LoseUnsynced = losesUnflushed }, cancellation).ConfigureAwait(false);
            await api.PutClockAsync(faults.Clock, cancellation).ConfigureAwait(false);
        },
        cancellation);

    public async Task<string?> FindLeaderAsync(CancellationToken cancellation)
    {
        var report = await new ClusterSurvey(cluster).AskAsync(allViews: false, cancellation).ConfigureAwait(false);
        return report.Shards.Where(shard => shard.Shard > 0 && shard.Leader is not null).CountBy(shard => shard.Leader!).OrderByDescending(led => led.Value).ThenBy(led => led.Key, StringComparer.Ordinal)
            .Select(led => led.Key).FirstOrDefault();
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
