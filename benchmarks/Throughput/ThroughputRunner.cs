using System.CommandLine;
using System.Globalization;
using Cluster.Benchmarks.Reports;

namespace Cluster.Benchmarks.Throughput;

/// <summary>Runs throughput cases one after another: a round to warm up, then rounds of which the median counts.</summary>
internal static class ThroughputRunner
{
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(1);

    private static readonly Func<IThroughputCase>[] Cases =
        [() => new LocalTell(), () => new LocalAsk(), () => new RemoteAsk(), () => new ShardedAsk(writes: false), () => new ShardedAsk(writes: true)];

    public static async Task<int> RunAsync(string[] args)
    {
        var list = new Option<bool>("--list") { Description = "Names the cases" };
        var filter = new Option<string>("--filter") { Description = "Only cases whose name contains this", DefaultValueFactory = _ => "" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of one second that count", DefaultValueFactory = _ => 5 };
        var output = new Option<string>("--out") { Description = "Writes the table to this file, too" };
        var command = new RootCommand("Throughput of the engine inside one process") { list, filter, rounds, output };
        command.SetAction(async (parsed, _) =>
        {
            var table = new MarkdownTable("what", "a second (median)", "rounds", "CPU us each", "bytes allocated each", "target", "reached");
            foreach (var create in Cases)
            {
                await using var subject = create();
                if (!subject.Name.Contains(parsed.GetValue(filter)!, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (parsed.GetValue(list))
                {
                    Console.WriteLine($"{subject.Name,-20}{subject.What}");
                    continue;
                }

                await MeasureAsync(subject, parsed.GetValue(rounds), table);
            }

            if (!parsed.GetValue(list))
            {
                table.Write(parsed.GetValue(output));
            }
        });
        return await command.Parse(args).InvokeAsync();
    }

    private static async Task MeasureAsync(IThroughputCase subject, int rounds, MarkdownTable table)
    {
        await Console.Error.WriteLineAsync(subject.Name);
        await subject.StartAsync();
        await subject.RunAsync(2 * RoundTime);
        var rates = new List<double>();
        var total = 0L;
        var allocated = GC.GetTotalAllocatedBytes();
        var processor = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < rounds; round++)
        {
            var started = TimeProvider.System.GetTimestamp();
            var count = await subject.RunAsync(RoundTime);
            rates.Add(count / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
            total += count;
        }

        processor = Environment.CpuUsage.TotalTime - processor;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        var median = rates.Order().ElementAt(rates.Count / 2);
        table.Add(
            subject.What,
            Number(median),
            string.Join(" ", rates.Select(Number)),
            (processor.TotalMicroseconds / total).ToString("0.###", CultureInfo.InvariantCulture),
            Number(allocated / (double)total),
            subject.Target is { } target ? Number(target) : "",
            subject.Target is { } wanted ? (median / wanted).ToString("P0", CultureInfo.InvariantCulture) : "");
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
