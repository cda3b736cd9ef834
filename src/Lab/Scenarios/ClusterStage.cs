using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Reports;
using Cluster.Lab.Schedules;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Scenarios;

/// <summary>A scenario on real nodes: clients over RESP and HTTP, faults from outside and by the admin interface, in real time.</summary>
public sealed class ClusterStage(ClusterTarget cluster, string engine, bool losesUnflushed, TimeProvider time) : IScenarioStage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>As many as a node keeps.</summary>
    private const int MostEvents = 4_096;

    public string Engine => engine;

    public TimeProvider Time => time;

    public IFaultTarget Faults { get; } = new ClusterFaults(cluster, losesUnflushed);

    public IClientSession Connect(WorkloadOptions options, int client) => Workload.SessionOn(cluster.Nodes, options, client, time);

    public async Task<string?> NotReadyBecauseAsync(CancellationToken cancellation)
    {
        foreach (var name in cluster.NodeNames)
        {
            using var api = cluster.Api(name, Patience);
            try
            {
                if (await api.GetNotReadyReasonAsync(cancellation).ConfigureAwait(false) is { } reason)
                {
                    return $"{name}: {reason}";
                }
            }
            catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
            {
                return $"{name} does not answer";
            }
        }

        return cluster.Database is { IsReady: false } database ? $"the database ({database.Description}) takes no connections yet" : null;
    }

    public async Task<IReadOnlyList<Happening>> HappeningsAsync(HistoryClock clock, CancellationToken cancellation)
    {
        var all = new List<Happening>();
        var beginning = time.GetUtcNow() - TimeSpan.FromTicks(clock.Now / TimeSpan.NanosecondsPerTick);
        foreach (var name in cluster.NodeNames)
        {
            using var api = cluster.Api(name, Patience);
            try
            {
                var events = await api.GetEventsAsync(0, MostEvents, cancellation).ConfigureAwait(false);
                all.AddRange(events.Select(told => Happening.Of(told, beginning)).OfType<Happening>());
            }
            catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
            {
                // A node that does not answer tells nothing; the verdict does not rest on it.
            }
        }

        return [.. all.OrderBy(happening => happening.At)];
    }

    public IReadOnlyList<CheckResult> Judge() => [];
}
