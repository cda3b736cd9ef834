using Cluster.Lab.Benchmarks.Loops;
using Cluster.Lab.Benchmarks.Reports;
using Cluster.Lab.Benchmarks.Requests;
using Cluster.Lab.Processes;

namespace Cluster.Lab.Benchmarks;

/// <summary>Measures one target, or several in turns within one run. Every target gets the same keys, values and times.</summary>
public sealed class BenchRun(BenchOptions options, IReadOnlyList<BenchTarget> targets, TimeProvider time)
{
    /// <param name="progress">Told what is being done, in words.</param>
    /// <exception cref="LabException">A target takes no connection.</exception>
    public async Task<BenchReport> RunAsync(Action<string> progress, CancellationToken cancellation)
    {
        var subjects = targets.Select(target => new Subject(options, target, time)).ToList();
        if (options.Load && options.Workload is BenchWorkload.Get or BenchWorkload.Mixed)
        {
            foreach (var subject in subjects)
            {
                progress($"{subject.Name}: writing {options.Keys:N0} keys");
                await subject.LoadAsync(cancellation).ConfigureAwait(false);
            }
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var subject in subjects)
            {
                progress($"{subject.Name}: round {round} of {options.Rounds}");
                await subject.MeasureAsync(cancellation).ConfigureAwait(false);
            }
        }

        return Report(subjects);
    }

    private BenchReport Report(List<Subject> subjects)
    {
        var reports = subjects.ConvertAll(subject => subject.Report());
        return new BenchReport(
            Lower(options.Workload),
            options.Rate is null ? "closed" : "open",
            options.Rate,
            options.Clients,
            options.Pipeline,
            options.Measured.TotalSeconds,
            options.WarmUp.TotalSeconds,
            options.ValueBytes,
            options.Keys,
            Lower(options.Distribution),
            options.Workload == BenchWorkload.Mixed ? options.ReadShare : null,
            options.Consistency,
            reports,
            [.. reports.Skip(1).Select(peer => Ratio(reports[0], peer))]);
    }

    private static RatioReport Ratio(TargetReport ours, TargetReport peer) => new(
        ours.Name,
        peer.Name,
        Over(Median(ours.Rounds.Zip(peer.Rounds, Over)), 1),
        Over(ours.All.P50Us, peer.All.P50Us),
        Over(ours.All.P99Us, peer.All.P99Us),
        ours.ServerCpuUs is { } a && peer.ServerCpuUs is { } b ? Over(a, b) : null);

    private static double Over(double a, double b) => b == 0 ? 0 : Math.Round(a / b, 3);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

#pragma warning disable CA1308 // Names of options are lower case on the command line, so in the report, too.
    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>One target while it is measured: what its rounds gave, and what they cost.</summary>
    private sealed class Subject(BenchOptions options, BenchTarget target, TimeProvider time)
    {
        private readonly ILoadGenerator generator = target.Generator?.Invoke(options) ?? new RespGenerator(options, target, time);
        private readonly Tally total = new();
        private readonly List<double> rounds = [];
        private readonly List<long> timeline = [];
        private readonly Dictionary<string, TimeSpan> used = [];
        private IReadOnlyDictionary<string, long> loadErrors = new Dictionary<string, long>();
        private TimeSpan generatorUsed;
        private long sent;

        public string Name => target.Name;

        public async Task LoadAsync(CancellationToken cancellation) => loadErrors = (await generator.LoadAsync(cancellation).ConfigureAwait(false)).Tally.Errors;

        public async Task MeasureAsync(CancellationToken cancellation)
        {
            var before = ProcessorTimes();
            var own = Environment.CpuUsage.TotalTime;
            var run = await generator.MeasureAsync(options.Measured / options.Rounds, cancellation).ConfigureAwait(false);
            generatorUsed += Environment.CpuUsage.TotalTime - own;
            foreach (var (name, processor) in ProcessorTimes())
            {
                if (before.TryGetValue(name, out var earlier))
                {
                    used[name] = used.GetValueOrDefault(name) + (processor - earlier);
                }
            }

            total.Add(run.Tally);
            sent += run.Sent;
            timeline.AddRange(run.Timeline);
            rounds.Add(Math.Round(run.PerSecond, 1));
        }

        public TargetReport Report()
        {
            var all = new LatencyHistogram();
            all.Add(total.Reads);
            all.Add(total.Writes);
            return new TargetReport(
                target.Name,
                [.. target.Doors.Select(door => door.ToString())],
                Median(rounds),
                rounds,
                total.Answered,
                LatencyReport.Of(all),
                total.Reads.Count > 0 ? LatencyReport.Of(total.Reads) : null,
                total.Writes.Count > 0 ? LatencyReport.Of(total.Writes) : null,
                total.Unanswered,
                total.Misses,
                total.Reconnects,
                new SortedDictionary<string, long>(total.Errors.ToDictionary(), StringComparer.Ordinal),
                loadErrors,
                MicrosecondsEach(generatorUsed),
                used.Count > 0 ? MicrosecondsEach(used.Values.Aggregate((sum, next) => sum + next)) : null,
                [.. used.Select(process => Describe(process.Key, process.Value))],
                timeline);
        }

        private double MicrosecondsEach(TimeSpan processor) => sent == 0 ? 0 : Math.Round(processor.TotalMicroseconds / sent, 2);

        private ProcessReport Describe(string name, TimeSpan processor)
        {
            var pid = target.Processes[name];
            return new ProcessReport(name, pid, Math.Round(processor.TotalSeconds, 2), Math.Round((ProcessUsage.Of(pid)?.ResidentBytes ?? 0) / 1e6, 1));
        }

        private Dictionary<string, TimeSpan> ProcessorTimes()
        {
            var times = new Dictionary<string, TimeSpan>();
            foreach (var (name, pid) in target.Processes)
            {
                if (ProcessUsage.Of(pid) is { } usage)
                {
                    times[name] = usage.Processor;
                }
            }

            return times;
        }
    }
}
