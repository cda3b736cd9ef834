using System.CommandLine;
using System.Globalization;
using Cluster.Benchmarks.Reports;
using Cluster.Lab.Benchmarks.Modes;
using Cluster.Lab.Processes;

namespace Cluster.Benchmarks.Logs;

/// <summary>The mode log-based over three nodes as processes, over HTTP: batches appended by a producer for each partition, and read by a consumer of each at another node, at a rate and as fast as it goes.</summary>
internal static class LogRunner
{
    private const int Nodes = 3;

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);

    /// <summary>As fast as it goes: a .NET process that has just started is still compiling itself.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var partitions = new Option<int>("--partitions") { Description = "Partitions, each with a producer and a consumer", DefaultValueFactory = _ => 6 };
        var batch = new Option<int>("--batch") { Description = "Records of one append, 100 bytes each", DefaultValueFactory = _ => 100 };
        var seconds = new Option<double>("--seconds") { Description = "Measured seconds of each", DefaultValueFactory = _ => 5 };
        var output = new Option<string>("--out") { Description = "Writes the table to this file, too" };
        var command = new RootCommand("The partitioned log over three nodes: records a second, and how long they take") { partitions, batch, seconds, output };
        command.SetAction(async (parsed, cancellation) =>
            await MeasureAsync(parsed.GetValue(partitions), parsed.GetValue(batch), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(output), cancellation));
        return await command.Parse(args).InvokeAsync();
    }

    private static async Task MeasureAsync(int partitions, int batch, TimeSpan measured, string? output, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("cluster-log-").FullName;
        var cluster = LocalCluster.Start(new LaunchPlan("bench", Nodes, FreePorts.FindOffset(Nodes, first: 7_000)), Path.Combine(directory, "lab"), TimeProvider.System);
        try
        {
            await cluster.WaitReadyAsync(cluster.NodeNames, ReadyDeadline, (_, _) => { }, cancellation);
            var table = new MarkdownTable("what", "records/s", "append p50 ms", "p99 ms", "end to end p50 ms", "p99 ms", "CPU us/record: nodes", "target", "reached");
            foreach (var rate in new int?[] { ModeFigures.WantedRecords, null })
            {
                await Console.Error.WriteLineAsync(rate is null ? "as fast as it goes" : $"{rate} records a second");
                await using var run = new AppendRun([.. cluster.Nodes.Select(node => new Uri(node.Http))], $"bench-{rate}", partitions, batch);
                await run.RunAsync(WarmUp, rate: null, cancellation);
                var before = Processor(cluster);
                var result = await run.RunAsync(measured, rate, cancellation);
                var reached = result.Read / result.Time.TotalSeconds;
                var holds = reached >= ModeFigures.WantedRecords * ModeFigures.NearlyAll && result.EndToEnd.PercentileNs(99) <= ModeFigures.WantedEndToEnd.TotalNanoseconds;
                table.Add(
                    $"batches of {batch}, {partitions} partitions, {(rate is { } wanted ? $"{Number(wanted)} records/s asked for" : "closed loop")}",
                    Number(reached),
                    Millis(result.Append.PercentileNs(50)),
                    Millis(result.Append.PercentileNs(99)),
                    Millis(result.EndToEnd.PercentileNs(50)),
                    Millis(result.EndToEnd.PercentileNs(99)),
                    ((Processor(cluster) - before).TotalMicroseconds / Math.Max(1, result.Read)).ToString("0.##", CultureInfo.InvariantCulture),
                    rate is null ? "" : $"{Number(ModeFigures.WantedRecords)}, p99 {ModeFigures.WantedEndToEnd.TotalMilliseconds} ms",
                    rate is null ? "" : holds ? "yes" : "no");
            }

            table.Write(output);
        }
        finally
        {
            await cluster.AbandonAsync(keepData: false);
            Directory.Delete(directory, recursive: true);
        }
    }

    private static TimeSpan Processor(LocalCluster cluster) =>
        cluster.Nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + (ProcessUsage.Of(node.Pid)?.Processor ?? TimeSpan.Zero));

    private static string Millis(long nanoseconds) => (nanoseconds / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
