using System.CommandLine;
using System.Globalization;
using System.Net;
using Cluster.Benchmarks.Reports;
using Cluster.Lab.Benchmarks.Modes;
using Cluster.Lab.Processes;

namespace Cluster.Benchmarks.FanOut;

/// <summary>What a published message costs against its subscribers: three nodes as processes, subscribers spread over them by RESP, a publisher at each, as fast as all of it is heard.</summary>
internal static class FanOutRunner
{
    private const int Nodes = 3;
    private const int PayloadBytes = 100;

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var subscribers = new Option<int[]>("--subscribers") { Description = "How many, each in turn", DefaultValueFactory = _ => [1, 10, 100, 1000], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<double>("--seconds") { Description = "Measured seconds of each", DefaultValueFactory = _ => 3 };
        var output = new Option<string>("--out") { Description = "Writes the table to this file, too" };
        var command = new RootCommand("Publish-subscribe over three nodes: deliveries a second against subscribers") { subscribers, seconds, output };
        command.SetAction(async (parsed, cancellation) => await MeasureAsync(parsed.GetValue(subscribers)!, TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(output), cancellation));
        return await command.Parse(args).InvokeAsync();
    }

    private static async Task MeasureAsync(int[] counts, TimeSpan measured, string? output, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("cluster-fanout-").FullName;
        var cluster = LocalCluster.Start(new LaunchPlan("bench", Nodes, FreePorts.FindOffset(Nodes, first: 7_000)), Path.Combine(directory, "lab"), TimeProvider.System);
        try
        {
            await cluster.WaitReadyAsync(cluster.NodeNames, ReadyDeadline, (_, _) => { }, cancellation);
            var table = new MarkdownTable("subscribers", "deliveries/s", "messages/s", "lost", "CPU us/delivery: nodes", "generator", "target", "reached");
            foreach (var count in counts)
            {
                await Console.Error.WriteLineAsync($"{count} subscribers");
                await using var run = await FanOutRun.OpenAsync([.. cluster.Nodes.Select(node => IPEndPoint.Parse(node.Resp))], count, PayloadBytes, cancellation);
                await run.RunAsync(WarmUp, cancellation);
                var before = Processor(cluster);
                var own = Environment.CpuUsage.TotalTime;
                var result = await run.RunAsync(measured, cancellation);
                var (nodes, generator) = (Processor(cluster) - before, Environment.CpuUsage.TotalTime - own);
                table.Add(
                    Number(count),
                    Number(result.Delivered / result.Time.TotalSeconds),
                    Number(result.Published / result.Time.TotalSeconds),
                    Number((result.Published * count) - result.Delivered),
                    Micros(nodes, result.Delivered),
                    Micros(generator, result.Delivered),
                    count == ModeFigures.Subscribers ? Number(ModeFigures.WantedDeliveries) : "",
                    count == ModeFigures.Subscribers ? (result.Delivered / result.Time.TotalSeconds / ModeFigures.WantedDeliveries).ToString("P0", CultureInfo.InvariantCulture) : "");
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

    private static string Micros(TimeSpan time, long deliveries) => (time.TotalMicroseconds / Math.Max(1, deliveries)).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
