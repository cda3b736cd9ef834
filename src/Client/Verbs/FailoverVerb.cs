using System.CommandLine;
using System.Globalization;
using Cluster.Client.Nodes;
using Cluster.Lab.Measurements;

namespace Cluster.Client.Verbs;

/// <summary>Kills shard leaders one after another and prints how long their keys did not answer.</summary>
internal sealed class FailoverVerb : Verb
{
    private readonly Option<int> kills = VerbOptions.Number("--kills", "Leaders to kill", fallback: 10, min: 1, max: 1000);
    private readonly Option<int> seed = VerbOptions.Number("--seed", "Chooses shards and doors", fallback: 1, min: 0, max: int.MaxValue);
    private readonly TargetOptions target = new();

    public FailoverVerb()
        : base("failover", "Kill shard leaders one after another; how long do their keys not answer?")
    {
        Add(kills);
        Add(seed);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab failover --kills 50"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var measurement = new FailoverMeasurement(cluster, new Random(parsed.GetValue(seed)), TimeProvider.System);
        var gaps = new List<TimeSpan>();
        for (var round = 1; round <= parsed.GetValue(kills); round++)
        {
            var sample = await measurement.RunAsync(cancellation).ConfigureAwait(false);
            gaps.Add(sample.Gap);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round,4}  {sample.Killed} killed, {sample.Shard} answered through {sample.Through} after {sample.Gap.TotalMilliseconds,6:0} ms"));
        }

        gaps.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{gaps.Count} kills: median {Percentile(gaps, 50)} ms, p90 {Percentile(gaps, 90)} ms, p99 {Percentile(gaps, 99)} ms, longest {gaps[^1].TotalMilliseconds:0} ms"));
        return ExitCodes.Ok;
    }

    /// <summary>Nearest rank.</summary>
    private static string Percentile(List<TimeSpan> sorted, int percent) =>
        sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)].TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
}
