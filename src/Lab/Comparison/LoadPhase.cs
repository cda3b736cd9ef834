using System.Net;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Benchmarks.Reports;
using Cluster.Lab.Benchmarks.Requests;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Lab.Comparison;

/// <summary>Throughput and latency of every mode on one cluster, in turns: what disturbs the machine disturbs all.</summary>
internal sealed class LoadPhase(ComparisonOptions options, ClusterTarget cluster, TimeProvider time)
{
    /// <summary>
    /// Every process compiles the mode's code for itself, and all of them share the processors: with five of them what is measured after half a second is the compiler. So each node has its own share of warming up.
    /// </summary>
    private static readonly TimeSpan WarmUpEach = TimeSpan.FromSeconds(0.6);

    /// <exception cref="LabException">A node takes no connection.</exception>
    public async Task<IReadOnlyDictionary<string, LoadMeasure>> RunAsync(IReadOnlyList<ModeView> modes, Action<string> progress, CancellationToken cancellation)
    {
        IPEndPoint[] doors = [.. cluster.Nodes.Select(node => NodeAddress.Parse(node.Resp)).Select(address => new IPEndPoint(IPAddress.Parse(address.Host), address.Port))];
        var bench = new BenchOptions
        {
            Clients = options.Clients,
            Measured = options.Measured,
            WarmUp = WarmUpEach * cluster.Nodes.Count,
            Workload = BenchWorkload.Mixed,
            Keys = options.Keys,
            Seed = options.Seed,
        };
        var targets = modes.Select(mode => new BenchTarget(mode.Slug, doors, new Dictionary<string, int>()) { Database = mode.Storage!.Database }).ToList();
        var report = await new BenchRun(bench, targets, time).RunAsync(progress, cancellation).ConfigureAwait(false);
        return report.Targets.ToDictionary(target => target.Name, Measure);
    }

    private LoadMeasure Measure(TargetReport target) => new(
        cluster.Nodes.Count,
        target.PerSecond,
        Ms(target.Reads?.P50Us),
        Ms(target.Reads?.P99Us),
        Ms(target.Writes?.P50Us),
        Ms(target.Writes?.P99Us),
        target.ErrorCount + target.Unanswered);

    private static double Ms(double? microseconds) => Math.Round((microseconds ?? 0) / 1000, 3);
}
