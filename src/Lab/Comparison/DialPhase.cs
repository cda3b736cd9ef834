using Cluster.Lab.Checkers;
using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Schedules;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Comparison;

/// <summary>One mode at every setting of its dial, with the links of one node slowed: what consistency costs shows only where messages take time.</summary>
internal sealed class DialPhase(ComparisonOptions options, ClusterTarget cluster, TimeProvider time)
{
    private const int Keys = 8;
    private const int Clients = 6;
    private const string Slowed = "20ms";

    private static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(2);

    /// <returns>A measure for each setting; none for a mode without a dial.</returns>
    public async Task<IReadOnlyList<DialMeasure>> RunAsync(ModeView mode, Action<string> progress, CancellationToken cancellation)
    {
        var settings = mode.Storage!.Claims.Where(claim => claim.Dial.Length > 0).ToList();
        var measures = new List<DialMeasure>();
        if (settings.Count < 2)
        {
            return measures;
        }

        var stage = new ClusterStage(cluster, "process", losesUnflushed: true, time);
        var clock = new HistoryClock(time);
        var slow = new FaultSchedule([new PlannedFault(FaultType.Delay, cluster.NodeNames[^1], TimeSpan.Zero, TimeSpan.FromHours(1), Slowed)]);
        var runner = new FaultRunner(stage.Faults, slow, options.Seed, static _ => { }, clock, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var slowing = runner.RunAsync(over.Token);
        try
        {
            foreach (var (number, setting) in settings.Index())
            {
                progress($"{mode.Slug}: {setting.Dial}");
                measures.Add(await MeasureAsync(stage, mode, setting, number, cancellation).ConfigureAwait(false));
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await slowing.ConfigureAwait(false);
            await runner.HealAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return measures;
    }

    private async Task<DialMeasure> MeasureAsync(ClusterStage stage, ModeView mode, StorageClaimView setting, int number, CancellationToken cancellation)
    {
        var asked = new ScenarioWorkload("versions", Clients) { Store = mode.Slug, ReadDial = DialOf(mode, setting, "get"), WriteDial = DialOf(mode, setting, "put"), CarriesToken = true };
        var workloadOptions = new WorkloadOptions
        {
            Processes = Clients,
            Keys = Keys,
            ReadPercent = 60,
            Pause = TimeSpan.FromMilliseconds(1),
            OperationTimeout = OperationTimeout,
            KeyPrefix = $"dial{number}:",
            Seed = options.Seed,
        };
        var history = new HistoryRecorder();
        var workload = new Workload(WorkloadCatalog.Find(asked.Name)!, workloadOptions, client => ScenarioRun.Connect(stage, asked, workloadOptions, client), history, new HistoryClock(time), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = workload.RunAsync(stop.Token);
        await Pause.ForAsync(options.Measured / 2, time, cancellation).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        var recorded = history.ToHistory();
        var staleness = Staleness.Of(recorded);
        var answered = recorded.Operations.Where(operation => operation.Outcome == Outcome.Ok).ToList();
        return new DialMeasure(
            setting.Dial,
            setting.Model,
            Math.Round(answered.Count / (options.Measured / 2).TotalSeconds, 1),
            P99Ms(answered.Where(operation => operation.IsRead)),
            P99Ms(answered.Where(operation => !operation.IsRead)),
            Math.Round(staleness.Share, 5),
            Math.Round(staleness.AgePercentile(50) / 1e6, 2));
    }

    /// <summary>Of a setting, what that operation takes.</summary>
    private static Dictionary<string, string> DialOf(ModeView mode, StorageClaimView setting, string operation)
    {
        var takes = mode.Operations.First(known => known.Name == operation).Arguments.Select(argument => argument.Name).ToHashSet(StringComparer.Ordinal);
        return setting.Dial.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(set => set.Split('=', 2))
            .Where(set => takes.Contains(set[0]))
            .ToDictionary(set => set[0], set => set[1]);
    }

    private static double P99Ms(IEnumerable<Operation> operations)
    {
        long[] took = [.. operations.Select(operation => operation.Return - operation.Call).Order()];
        return took.Length == 0 ? 0 : Math.Round(took[Math.Min(took.Length - 1, (int)(took.Length * 0.99))] / 1e6, 2);
    }
}
