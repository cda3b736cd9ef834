using System.Globalization;
using Cluster.Client.Output;
using Cluster.Lab.Benchmarks.Reports;
using Spectre.Console;

namespace Cluster.Client.Bench;

/// <summary>A benchmark's report for people: a row a target, then what went wrong, then the ratios.</summary>
internal static class BenchTables
{
    private const int SparklineWidth = 60;

    public static void Write(BenchReport report)
    {
        var loop = report.Rate is { } rate ? $"open loop at {Format.Count((long)rate)}/s" : "closed loop";
        Console.WriteLine($"{report.Workload}, {loop}, {report.Clients} connections, pipeline {report.Pipeline}, {report.ValueBytes}-byte values, {Format.Count(report.Keys)} keys {report.Distribution}, {Number(report.Seconds)} s");
        var listing = new Listing("target", "", "requests/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "cpu us/request", "errors");
        foreach (var target in report.Targets)
        {
            var cpu = (target.ServerCpuUs is { } server ? Number(server) + " server, " : "") + Number(target.GeneratorCpuUs) + " generator";
            var errors = target.ErrorCount + target.Unanswered == 0 ? Format.Good("0") : Format.Bad(Format.Count(target.ErrorCount + target.Unanswered));
            Row(listing, target.Name, "all", Format.Count((long)target.PerSecond), target.All, Format.Plain(cpu), errors);
            if (target is { Reads: { } reads, Writes: { } writes })
            {
                Row(listing, "", "reads", "", reads, "", "");
                Row(listing, "", "writes", "", writes, "", "");
            }
        }

        listing.Write();
        foreach (var target in report.Targets)
        {
            Console.WriteLine($"{target.Name}: {Sparkline.Of(target.Timeline, SparklineWidth)} answers over time, rounds {string.Join(" ", target.Rounds.Select(round => Format.Count((long)round)))}");
            WriteTroubles(report, target);
        }

        foreach (var ratio in report.Ratios)
        {
            Console.WriteLine($"{ratio.Name} / {ratio.Peer}: throughput {Number(ratio.PerSecond)}, p50 {Number(ratio.P50)}, p99 {Number(ratio.P99)}{(ratio.ServerCpu is { } cpu ? $", server cpu {Number(cpu)}" : "")}");
        }
    }

    private static void WriteTroubles(BenchReport report, TargetReport target)
    {
        var terminal = Terminal.Console;
        foreach (var (kind, times) in target.Errors)
        {
            terminal.MarkupLine($"  {Format.Bad($"{Format.Count(times)} errors {kind}")}; they are not in the latencies");
        }

        foreach (var (kind, times) in target.LoadErrors)
        {
            terminal.MarkupLine($"  {Format.Bad($"{Format.Count(times)} errors {kind}")} while the keys were written");
        }

        if (target.Unanswered > 0)
        {
            terminal.MarkupLine($"  {Format.Bad($"{Format.Count(target.Unanswered)} requests had no answer")} two seconds after the end; they count with what they had waited by then");
        }

        if (target.Reconnects > 0)
        {
            terminal.MarkupLine($"  {Format.Doubtful($"{Format.Count(target.Reconnects)} connections broke")} and were made again");
        }

        if (target.Misses > 0)
        {
            terminal.MarkupLine($"  {Format.Doubtful($"{Format.Count(target.Misses)} reads found nothing")}, which is cheaper than finding a value");
        }

        if (report.Rate is { } rate && target.PerSecond < rate * 0.99)
        {
            terminal.MarkupLine($"  {Format.Bad("the rate was not reached")}: requests queued up, and their latencies say so");
        }
    }

    private static void Row(Listing listing, string name, string kind, string throughput, LatencyReport latency, string cpu, string errors) => listing.Add(
        Format.Plain(name),
        kind,
        throughput,
        Milliseconds(latency.P50Us),
        Milliseconds(latency.P90Us),
        Milliseconds(latency.P99Us),
        Milliseconds(latency.P999Us),
        Milliseconds(latency.MaxUs),
        cpu,
        errors);

    private static string Milliseconds(double microseconds) => (microseconds / 1000).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
