using System.CommandLine;
using System.Globalization;
using Cluster.Benchmarks.Reports;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Benchmarks.Reports;
using Cluster.Lab.Processes;

namespace Cluster.Benchmarks.Peers;

/// <summary>Measures our nodes and their peers in turns, and what our nodes cost when they have nothing to do. Every process it starts is ended, also on Ctrl-C.</summary>
internal static class PeersRunner
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    /// <summary>A process that has just started still compiles itself: idleness is measured after this, and speed after as much of load.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var list = new Option<bool>("--list") { Description = "Names the scenarios" };
        var filter = new Option<string>("--filter") { Description = "Only scenarios whose name contains this", DefaultValueFactory = _ => "" };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each peer", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Measured seconds of each turn", DefaultValueFactory = _ => 2 };
        var output = new Option<string>("--out") { Description = "Writes the tables to this file, too" };
        var command = new RootCommand("Our nodes beside redis-server and etcd, in one run") { list, filter, rounds, seconds, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var scenarios = PeerScenario.All.Where(scenario => scenario.Name.Contains(parsed.GetValue(filter)!, StringComparison.OrdinalIgnoreCase)).ToList();
            if (parsed.GetValue(list))
            {
                scenarios.ForEach(scenario => Console.WriteLine($"{scenario.Name,-20}{string.Join("; ", scenario.Peers)}"));
                return;
            }

            await MeasureAsync(scenarios, parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(output), cancellation);
        });
        return await command.Parse(args).InvokeAsync();
    }

    private static async Task MeasureAsync(List<PeerScenario> scenarios, int rounds, double seconds, string? output, CancellationToken cancellation)
    {
        await using var servers = new PeerServers();
        await servers.StartAsync();
        await Console.Error.WriteLineAsync("idle");
        await Task.Delay(Settling, TimeProvider.System, cancellation);
        await IdleAsync(servers, output, cancellation);
        await WarmAsync(servers.Targets[PeerServers.Ours], cancellation);
        var table = new MarkdownTable("workload", "server", "requests/s (median)", "ours / it", "p50 ms", "p99 ms", "CPU us/request: servers", "generator", "errors", "target", "reached");
        foreach (var scenario in scenarios)
        {
            var targets = scenario.Peers.Where(servers.Targets.ContainsKey).Select(name => servers.Targets[name]).ToList();
            var run = new BenchRun(scenario.Options(rounds, seconds), targets, TimeProvider.System);
            var report = await run.RunAsync(step => Console.Error.WriteLine($"{scenario.Name}: {step}"), cancellation);
            foreach (var target in report.Targets)
            {
                Add(table, scenario, report, target);
            }
        }

        table.Write(output);
        if (servers.Targets.TryGetValue(PeerServers.Redis, out var redis) && ServerProcess.IsInstalled("redis-benchmark"))
        {
            await Console.Error.WriteLineAsync("the generator beside redis-benchmark");
            (await GeneratorCeiling.MeasureAsync(redis, rounds, seconds, cancellation)).Write(output);
        }
    }

    private static async Task WarmAsync(BenchTarget target, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync("warming up");
        var options = new BenchOptions { Pipeline = 4, Measured = Settling, WarmUp = TimeSpan.Zero };
        await new BenchRun(options, [target], TimeProvider.System).RunAsync(_ => { }, cancellation);
    }

    private static void Add(MarkdownTable table, PeerScenario scenario, BenchReport report, TargetReport target)
    {
        var wanted = target.Name == PeerServers.Ours ? scenario.Target : null;
        var ratio = report.Ratios.FirstOrDefault(ratio => ratio.Peer == target.Name);
        table.Add(
            scenario.Name,
            target.Name,
            Number(target.PerSecond),
            ratio is null ? "" : ratio.PerSecond.ToString("0.00", CultureInfo.InvariantCulture),
            Milliseconds(target.All.P50Us),
            Milliseconds(target.All.P99Us),
            target.ServerCpuUs?.ToString("0.#", CultureInfo.InvariantCulture) ?? "",
            target.GeneratorCpuUs.ToString("0.#", CultureInfo.InvariantCulture),
            Number(target.ErrorCount + target.Unanswered),
            wanted is { } some ? Number(some) : "",
            wanted is { } all ? (target.PerSecond / all).ToString("P0", CultureInfo.InvariantCulture) : "");
    }

    /// <summary>What our nodes use of a core, and of memory, before anybody has asked them anything.</summary>
    private static async Task IdleAsync(PeerServers servers, string? output, CancellationToken cancellation)
    {
        var nodes = servers.Cluster!.Nodes;
        var before = nodes.Select(node => ProcessUsage.Of(node.Pid)?.Processor).ToList();
        var started = TimeProvider.System.GetTimestamp();
        await Task.Delay(IdleTime, TimeProvider.System, cancellation);
        var passed = TimeProvider.System.GetElapsedTime(started);
        var table = new MarkdownTable("idle node", "of a core", "memory MB", "target");
        for (var i = 0; i < nodes.Count; i++)
        {
            if (ProcessUsage.Of(nodes[i].Pid) is { } usage && before[i] is { } earlier)
            {
                table.Add(nodes[i].Name, ((usage.Processor - earlier) / passed).ToString("P1", CultureInfo.InvariantCulture), Number(usage.ResidentBytes / 1e6), "under 3 %, under 100 MB");
            }
        }

        table.Write(output);
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(double microseconds) => (microseconds / 1000).ToString("0.##", CultureInfo.InvariantCulture);
}
