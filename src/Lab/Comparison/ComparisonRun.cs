using System.Globalization;
using System.Runtime.InteropServices;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Lab.Templates;
using Cluster.Shared.Http;

namespace Cluster.Lab.Comparison;

/// <summary>
/// Every storage mode under one workload and one schedule of faults: throughput on clusters of each size, the messages of an operation, the dial, then the faults, and what the recorded history says. A
/// mode that cannot be measured says why; the others go on.
/// </summary>
/// <param name="start">Starts so many nodes, in so many clusters, that stand and are ready; who calls it ends them.</param>
public sealed class ComparisonRun(ComparisonOptions options, Func<int, int, CancellationToken, Task<ClusterTarget>> start, Func<ClusterTarget, Task> end, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ModeComparison> found = [];

    /// <param name="only">Slugs; empty for every storage mode.</param>
    /// <param name="progress">Told what is being done, in words, and which share of all is done.</param>
    /// <exception cref="LabException">A slug is no storage mode, or no cluster could be started.</exception>
    public async Task<ComparisonReport> RunAsync(IReadOnlyList<string> only, Action<string, double> progress, CancellationToken cancellation)
    {
        IReadOnlyList<ModeView>? modes = null;
        var steps = 0;
        foreach (var nodes in options.Sizes)
        {
            progress($"starting {nodes} nodes", Share());
            var cluster = await start(nodes, 1, cancellation).ConfigureAwait(false);
            try
            {
                modes ??= await ChooseAsync(cluster, only, cancellation).ConfigureAwait(false);
                await LoadAsync(cluster, [.. modes.Where(mode => mode.Storage!.Clusters == 1)], words => progress($"{nodes} nodes: {words}", Share()), cancellation).ConfigureAwait(false);
                steps++;
            }
            finally
            {
                await end(cluster).ConfigureAwait(false);
            }
        }

        var chosen = modes ?? throw new LabException("a comparison needs at least one size of cluster");
        foreach (var alike in chosen.GroupBy(mode => mode.Storage!.Clusters).OrderBy(alike => alike.Key))
        {
            var nodes = options.FaultNodes * alike.Key;
            progress($"starting {nodes} nodes to be broken", Share());
            var broken = await start(nodes, alike.Key, cancellation).ConfigureAwait(false);
            try
            {
                if (alike.Key > 1)
                {
                    await LoadAsync(broken, [.. alike], words => progress($"{nodes} nodes in {alike.Key} clusters: {words}", Share()), cancellation).ConfigureAwait(false);
                }

                foreach (var mode in alike)
                {
                    await BreakAsync(broken, mode, words => progress(words, Share()), cancellation).ConfigureAwait(false);
                    steps++;
                }
            }
            finally
            {
                await end(broken).ConfigureAwait(false);
            }
        }

        IReadOnlyList<ModeComparison> all = [.. chosen.Select(mode => found[mode.Slug])];
        return new ComparisonReport(
            time.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            Machine(),
            options.Measured.TotalSeconds,
            options.Seed,
            options.Sizes,
            options.FaultNodes,
            [.. all.Select(mode => mode with { Remarks = Textbooks.Remarks(mode, all) })]);

        double Share() => (double)steps / (options.Sizes.Count + (modes?.Count ?? only.Count));
    }

    private async Task<IReadOnlyList<ModeView>> ChooseAsync(ClusterTarget cluster, IReadOnlyList<string> only, CancellationToken cancellation)
    {
        using var api = cluster.Api(cluster.NodeNames[0], Patience);
        var storage = (await api.GetModesAsync(cancellation).ConfigureAwait(false)).Where(mode => mode.Storage is not null).ToList();
        if (only.FirstOrDefault(slug => storage.TrueForAll(mode => mode.Slug != slug)) is { } unknown)
        {
            throw new LabException($"'{unknown}' is no storage mode; there are {string.Join(", ", storage.Select(mode => mode.Slug))}");
        }

        var chosen = only.Count == 0 ? storage : storage.FindAll(mode => only.Contains(mode.Slug));
        var sources = ModeTemplate.FindModes(Environment.CurrentDirectory);
        foreach (var mode in chosen)
        {
            found.Add(mode.Slug, new ModeComparison(mode.Slug, mode.Claim, mode.Storage!.Claims[0].Model, mode.Storage.Textbook, "unknown") { LinesOfCode = ModeSources.LinesOf(sources, mode.Slug) });
        }

        return chosen;
    }

    private async Task LoadAsync(ClusterTarget cluster, IReadOnlyList<ModeView> modes, Action<string> progress, CancellationToken cancellation)
    {
        if (modes.Count == 0)
        {
            return; // All that were chosen are about several clusters.
        }

        var loads = await new LoadPhase(options, cluster, time).RunAsync(modes, progress, cancellation).ConfigureAwait(false);
        foreach (var (slug, load) in loads)
        {
            found[slug] = found[slug] with { Loads = [.. found[slug].Loads, load] };
        }
    }

    private async Task BreakAsync(ClusterTarget cluster, ModeView mode, Action<string> progress, CancellationToken cancellation)
    {
        try
        {
            progress($"{mode.Slug}: counting messages");
            found[mode.Slug] = found[mode.Slug] with { Cost = await new CostPhase(cluster, time).RunAsync(mode, cancellation).ConfigureAwait(false) };
            found[mode.Slug] = found[mode.Slug] with { Dial = await new DialPhase(options, cluster, time).RunAsync(mode, progress, cancellation).ConfigureAwait(false) };
            var outcome = await new FaultPhase(options, cluster, time).RunAsync(mode, progress, cancellation).ConfigureAwait(false);
            progress($"{mode.Slug}: judging {outcome.History.Operations.Count} operations");
            found[mode.Slug] = Judge(found[mode.Slug], outcome);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && (e is LabException or NodeRefusedException || NodeApi.IsNoAnswer(e)))
        {
            found[mode.Slug] = found[mode.Slug] with { Failed = e.Message };
        }
    }

    private ModeComparison Judge(ModeComparison mode, FaultOutcome outcome)
    {
        var (strongest, why) = StrongestModel.Of(outcome, time);
        var (acknowledged, lost, _, _) = AcknowledgedWritesChecker.Count(outcome.History);
        var staleness = Staleness.Of(outcome.Owned);
        var faults = outcome.Windows.Select(window => SideAvailability.Of(window, outcome.History)).ToList();
        var undecided = why?.Contains("not decided", StringComparison.Ordinal) == true;
        return mode with
        {
            Faults = faults,
            Safety = new SafetyMeasure(
                outcome.History.Operations.Count,
                acknowledged,
                lost,
                Math.Round(staleness.Share, 5),
                Math.Round(staleness.AgePercentile(50) / 1e6, 1),
                Math.Round(staleness.AgePercentile(100) / 1e6, 1),
                ConvergedAfter(outcome),
                strongest,
                why),
            Verdict = StrongestModel.IsAsStrongAs(strongest, mode.ClaimedModel) ? "holds" : undecided ? "unknown" : "violated",
        };
    }

    /// <summary>Until every node's last reading of every key had been answered, if they are all the same.</summary>
    private static double? ConvergedAfter(FaultOutcome outcome)
    {
        var readings = outcome.History.Operations.Where(operation => operation.Call >= outcome.Quiet && operation is { IsRead: true, Outcome: Outcome.Ok }).ToList();
        var together = long.MinValue;
        foreach (var key in readings.GroupBy(operation => operation.Key))
        {
            var last = key.GroupBy(read => read.Node).Select(node => node.MaxBy(read => read.Call)!).ToList();
            if (last.Select(read => read.Output).Distinct().Count() > 1)
            {
                return null;
            }

            // The first round in which all said what they say now; those that said it from the beginning count nothing.
            var late = key.Where(read => read.Output != last[0].Output).Select(read => read.Return).DefaultIfEmpty(outcome.Quiet).Max();
            together = Math.Max(together, late);
        }

        return readings.Count == 0 ? null : Math.Round((together - outcome.Quiet) / 1e9, 2);
    }

    private static string Machine() => string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0} GiB, {RuntimeInformation.OSDescription}");
}
