using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Cluster.Benchmarks.Reports;

namespace Cluster.Benchmarks.Simulated;

/// <summary>How much virtual time the simulator plays in a second of one processor: five nodes under load, one long run. Processor time, because another's work on the machine falsifies it least.</summary>
internal static class SimulatorRunner
{
    /// <summary>A .NET process that has just started is still compiling itself.</summary>
    private const int WarmUpSeconds = 1_000;

    private const double Target = 500;

    public static int Run(string[] args)
    {
        var seconds = new Option<int>("--seconds") { Description = "Virtual seconds of each round", DefaultValueFactory = _ => 1_000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts", DefaultValueFactory = _ => 5 };
        var output = new Option<string>("--out") { Description = "Writes the table to this file, too" };
        var command = new RootCommand("The simulator: virtual seconds for each second of one processor") { seconds, rounds, output };
        command.SetAction(parsed => Measure(parsed.GetValue(seconds), parsed.GetValue(rounds), parsed.GetValue(output)));
        return command.Parse(args).Invoke();
    }

    private static void Measure(int seconds, int rounds, string? output)
    {
        var cluster = new LoadedCluster();
        Play(cluster, WarmUpSeconds);
        var (operations, messages, allocated, from) = (cluster.Operations, cluster.Messages, GC.GetTotalAllocatedBytes(), cluster.Now);
        var paces = Enumerable.Range(0, rounds).Select(_ => Play(cluster, seconds)).ToList();
        var played = (cluster.Now - from).TotalSeconds;
        var median = paces.Order().ElementAt(rounds / 2);
        var table = new MarkdownTable("what", "times as fast as real time", "rounds", "operations a virtual second", "messages", "allocated KB", "target", "reached");
        table.Add(
            $"{LoadedCluster.Nodes} nodes under load, by processor time",
            Number(median),
            string.Join(' ', paces.Select(Number)),
            Number((cluster.Operations - operations) / played),
            Number((cluster.Messages - messages) / played),
            Number((GC.GetTotalAllocatedBytes() - allocated) / played / 1024),
            Number(Target),
            median >= Target ? "yes" : "no");
        table.Write(output);
    }

    /// <summary>Virtual seconds for a second of the processor, the collector and the compiler in it.</summary>
    private static double Play(LoadedCluster cluster, int seconds)
    {
        using var process = Process.GetCurrentProcess();
        var (from, before) = (cluster.Now, process.TotalProcessorTime);
        for (var second = 0; second < seconds; second++)
        {
            cluster.RunSecond();
        }

        process.Refresh();
        return (cluster.Now - from) / (process.TotalProcessorTime - before);
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
