using System.Diagnostics;
using System.Globalization;
using Cluster.Benchmarks.Reports;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Benchmarks.Peers;

/// <summary>Our load generator beside redis-benchmark, in turns against the same redis-server: what the one measures must not be its own limit.</summary>
internal static class GeneratorCeiling
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<MarkdownTable> MeasureAsync(BenchTarget redis, int rounds, double seconds, CancellationToken cancellation)
    {
        var table = new MarkdownTable("SET on redis-server", "lab bench requests/s (median)", "redis-benchmark", "ratio (median of rounds)");
        foreach (var pipeline in new[] { 1, 16 })
        {
            var (ours, theirs) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var options = new BenchOptions { Workload = BenchWorkload.Set, Pipeline = pipeline, Measured = TimeSpan.FromSeconds(seconds), WarmUp = TimeSpan.FromSeconds(0.5) };
                var report = await new BenchRun(options, [redis], TimeProvider.System).RunAsync(_ => { }, cancellation);
                ours.Add(report.Targets[0].PerSecond);
                theirs.Add(await RedisBenchmarkAsync(redis.Doors[0].Port, options, (long)(ours[^1] * seconds), cancellation));
            }

            table.Add($"64 clients, pipeline {pipeline}", Number(Median(ours)), Number(Median(theirs)), Median(ours.Zip(theirs, (a, b) => a / b)).ToString("0.00", CultureInfo.InvariantCulture));
        }

        return table;
    }

    /// <summary>It is killed when it takes too long: it spins for ever when its server is gone.</summary>
    private static async Task<double> RedisBenchmarkAsync(int port, BenchOptions options, long requests, CancellationToken cancellation)
    {
        string[] arguments = ["-p", $"{port}", "-t", "set", "-c", $"{options.Clients}", "-d", $"{options.ValueBytes}", "-r", $"{options.Keys}", "-P", $"{options.Pipeline}", "-n", $"{requests}", "--csv"];
        using var process = Process.Start(new ProcessStartInfo("redis-benchmark", arguments) { RedirectStandardOutput = true })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            var row = output.Split('\n').First(line => line.StartsWith("\"SET\"", StringComparison.Ordinal));
            return double.Parse(row.Split(',')[1].Trim('"'), CultureInfo.InvariantCulture);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
