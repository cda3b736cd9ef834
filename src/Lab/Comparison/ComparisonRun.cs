using System.Collections.Concurrent;
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
/// mode that cannot be measured says why; the others go on. What is measured can be had at any time: <see cref="Report"/>.
/// </summary>
/// <param name="start">Starts so many nodes, in so many clusters, that stand and are ready; who calls it ends them.</param>
public sealed class ComparisonRun(ComparisonOptions options, Func<int, int, CancellationToken, Task<ClusterTarget>> start, Func<ClusterTarget, Task> end, TimeProvider time)
{
    /// <summary>Steps of one mode on the cluster that is broken: messages, dial, each fault, and the judge.</summary>
    private const int StepsOfBreaking = FaultPhase.Faults + 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ModeComparison> found = [];
    private IReadOnlyList<ModeView> modes = [];

    /// <summary>What has been measured so far; a mode that is not through says so.</summary>
    public ComparisonReport Report
    {
        get
        {
            IReadOnlyList<ModeComparison> all = [.. modes.Select(mode => found[mode.Slug]).Select(mode => mode is { Safety: null, Failed: null } ? mode with { Failed = "the comparison was ended before this mode was broken" } : mode)];
            return new ComparisonReport(
                time.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
                Machine(),
                options.Measured.TotalSeconds,
                options.Seed,
                options.Sizes,
                options.FaultNodes,
                [.. all.Select(mode => mode with { Remarks = Textbooks.Remarks(mode, all) })]);
        }
    }

    /// <param name="only">Slugs; empty for every storage mode.</param>
    /// <param name="progress">Told what is being done, in words, which share of all is done, and how long the rest may take. From several threads, one at a time.</param>
    /// <param name="measured">Called whenever there is more in the <see cref="Report"/>, one at a time: what is written then is not lost with the run.</param>
    /// <exception cref="LabException">A slug is no storage mode, or no cluster could be started.</exception>
    public async Task<ComparisonReport> RunAsync(IReadOnlyList<string> only, Action<string, double, TimeSpan?> progress, Action<ComparisonReport> measured, CancellationToken cancellation)
    {
        ComparisonSteps? steps = null;
        foreach (var nodes in options.Sizes)
        {
            if (steps is null)
            {
                progress($"starting {nodes} nodes", 0, null);
            }

            steps?.Say($"starting {nodes} nodes");
            var cluster = await start(nodes, 1, cancellation).ConfigureAwait(false);
            try
            {
                steps ??= await BeginAsync(cluster, only, progress, cancellation).ConfigureAwait(false);
                await LoadAsync(cluster, [.. modes.Where(mode => mode.Storage!.Clusters == 1)], steps, each: 1, cancellation).ConfigureAwait(false);
                measured(Report);
            }
            finally
            {
                await end(cluster).ConfigureAwait(false);
            }
        }

        foreach (var alike in modes.GroupBy(mode => mode.Storage!.Clusters).OrderBy(alike => alike.Key))
        {
            await BreakAllAsync([.. alike], alike.Key, steps!, measured, cancellation).ConfigureAwait(false);
        }

        return Report;
    }

    private async Task<ComparisonSteps> BeginAsync(ClusterTarget cluster, IReadOnlyList<string> only, Action<string, double, TimeSpan?> progress, CancellationToken cancellation)
    {
        modes = await ChooseAsync(cluster, only, cancellation).ConfigureAwait(false);
        return new ComparisonSteps(modes.Count * (options.Sizes.Count + StepsOfBreaking), time, progress);
    }

    /// <summary>Modes wait in one line for what is broken: a cluster, or several side by side, on which those that are about several are measured first.</summary>
    private async Task BreakAllAsync(IReadOnlyList<ModeView> alike, int clusters, ComparisonSteps steps, Action<ComparisonReport> measured, CancellationToken cancellation)
    {
        var waiting = new ConcurrentQueue<ModeView>(alike);
        using var starting = new SemaphoreSlim(1); // Two that start at once would look for the same free ports.
        var telling = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(options.BrokenAtOnce, alike.Count)).Select(_ => BreakThoseThatWaitAsync())).ConfigureAwait(false);

        async Task BreakThoseThatWaitAsync()
        {
            ClusterTarget? cluster = null;
            try
            {
                while (waiting.TryDequeue(out var mode))
                {
                    if (cluster is null)
                    {
                        steps.Say($"starting {options.FaultNodes * clusters} nodes to be broken");
                        await starting.WaitAsync(cancellation).ConfigureAwait(false);
                        try
                        {
                            cluster = await start(options.FaultNodes * clusters, clusters, cancellation).ConfigureAwait(false);
                        }
                        finally
                        {
                            starting.Release();
                        }
                    }

                    if (clusters > 1)
                    {
                        await LoadAsync(cluster, [mode], steps, each: options.Sizes.Count, cancellation).ConfigureAwait(false);
                    }

                    var isWhole = await BreakAsync(cluster, mode, steps, cancellation).ConfigureAwait(false);
                    lock (telling)
                    {
                        measured(Report);
                    }

                    if (!isWhole)
                    {
                        await end(cluster).ConfigureAwait(false); // What it broke is not to be the next mode's.
                        cluster = null;
                    }
                }
            }
            finally
            {
                await (cluster is null ? Task.CompletedTask : end(cluster)).ConfigureAwait(false);
            }
        }
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
            found.TryAdd(mode.Slug, new ModeComparison(mode.Slug, mode.Claim, mode.Storage!.Claims[0].Model, mode.Storage.Textbook, "unknown") { LinesOfCode = ModeSources.LinesOf(sources, mode.Slug) });
        }

        return chosen;
    }

    /// <param name="each">Steps that this stands for, of each mode.</param>
    private async Task LoadAsync(ClusterTarget cluster, IReadOnlyList<ModeView> measured, ComparisonSteps steps, int each, CancellationToken cancellation)
    {
        if (measured.Count == 0)
        {
            return; // All that were chosen are about several clusters.
        }

        var loads = await new LoadPhase(options, cluster, time).RunAsync(measured, words => steps.Say($"{cluster.Nodes.Count} nodes: {words}"), cancellation).ConfigureAwait(false);
        foreach (var (slug, load) in loads)
        {
            found[slug] = found[slug] with { Loads = [.. found[slug].Loads, load] };
        }

        steps.Advance(measured.Count * each, $"{cluster.Nodes.Count} nodes: measured");
    }

    /// <returns>False: the cluster may not be what it was.</returns>
    private async Task<bool> BreakAsync(ClusterTarget cluster, ModeView mode, ComparisonSteps steps, CancellationToken cancellation)
    {
        var before = 0;
        void Done(int count, string words)
        {
            steps.Advance(count, $"{mode.Slug}: {words}");
            before += count;
        }

        try
        {
            Done(0, "counting messages");
            found[mode.Slug] = found[mode.Slug] with { Cost = await new CostPhase(cluster, time).RunAsync(mode, cancellation).ConfigureAwait(false) };
            Done(1, "turning its dial");
            found[mode.Slug] = found[mode.Slug] with { Dial = await new DialPhase(options, cluster, time).RunAsync(mode, steps.Say, cancellation).ConfigureAwait(false) };
            Done(1, "clients begin");
            var outcome = await new FaultPhase(options, cluster, time).RunAsync(mode, Done, cancellation).ConfigureAwait(false);
            Done(0, $"judging {outcome.History.Operations.Count} operations");
            found[mode.Slug] = Judge(found[mode.Slug], outcome);
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && (e is LabException or NodeRefusedException || NodeApi.IsNoAnswer(e)))
        {
            found[mode.Slug] = found[mode.Slug] with { Failed = e.Message };
            return false;
        }
        finally
        {
            Done(StepsOfBreaking - before, "is through");
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
