using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Bench;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Benchmarks;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Client.Verbs;

/// <summary>Measures throughput and latency of the lab's cluster, or of any servers that speak RESP, against each other in one run.</summary>
internal sealed class BenchVerb : Verb
{
    private const int MaxClients = 10_000;
    private const int MaxPipeline = 1_024;
    private const int MaxSeconds = 3_600;
    private const int RoundsWithPeers = 5;

    private readonly Option<string> resp = new("--resp") { Description = "A Redis server, or several nodes of one cluster (default: the running nodes of the cluster in --target)", HelpName = "HOST:PORT,..." };
    private readonly Option<string[]> peers = new("--peer") { Description = "Another server, measured in turns with the first; may be given more than once", HelpName = "[NAME=]HOST:PORT,..." };
    private readonly Option<int> clients = VerbOptions.Number("--clients", "Connections", 64, 1, MaxClients);
    private readonly Option<int> pipeline = VerbOptions.Number("--pipeline", "Requests under way on each connection", 1, 1, MaxPipeline);
    private readonly Option<int> seconds = VerbOptions.Number("--seconds", "Measured time for each target", 10, 1, MaxSeconds);
    private readonly Option<int> warmUp = VerbOptions.Number("--warmup", "Seconds before each round that are not counted", 1, 0, MaxSeconds);
    private readonly Option<int?> rounds = new("--rounds") { Description = $"Turns that the measured time is cut into (default 1; {RoundsWithPeers} with --peer)", HelpName = "N" };
    private readonly Option<BenchWorkload?> workload = VerbOptions.Parsed("--workload", "set, get, mixed, incr, mset or ping (default mixed)", "NAME", Named<BenchWorkload>);
    private readonly Option<double?> rate = VerbOptions.Parsed("--rate", "Requests a second over all connections, whatever the answers take: an open loop (default: closed)", "N", Rate);
    private readonly Option<double?> readShare = VerbOptions.Parsed("--read-share", "GET among the requests of a mixed workload (default 50%)", "SHARE", Cluster.Lab.Faults.Quantity.Percent);
    private readonly Option<int> valueBytes = VerbOptions.Number("--value-bytes", "Length of each value", 128, 1, 1_000_000);
    private readonly Option<int> keys = VerbOptions.Number("--keys", "Keys used", 10_000, 1, (int)BenchOptions.MaxKeys);
    private readonly Option<KeyDistribution?> distribution = VerbOptions.Parsed("--distribution", "Which keys: uniform, or zipf for a few popular ones (default uniform)", "NAME", Named<KeyDistribution>);
    private readonly Option<string> consistency = new("--consistency") { Description = "What reads may see: linearizable, lease or stale (default: the server's own)", HelpName = "NAME" };
    private readonly Option<bool> noLoad = new("--no-load") { Description = "Do not write the keys before reading them" };
    private readonly Option<int> threads = VerbOptions.Number("--threads", "Event loops of the load generator", 1, 1, 64);
    private readonly Option<int> seed = VerbOptions.Number("--seed", "Chooses keys and values", 1, 0, int.MaxValue);
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public BenchVerb()
        : base("bench", "Throughput and latency of the cluster, or of any Redis server")
    {
        consistency.AcceptOnlyFromAmong("linearizable", "lease", "stale");
        rounds.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var count) || count is < 1 or > 1000))
            {
                result.AddError($"--rounds is {result.Tokens[0].Value}; it must be a whole number from 1 to 1000");
            }
        });
        foreach (var option in (Option[])
            [resp, peers, clients, pipeline, seconds, warmUp, rounds, workload, rate, readShare, valueBytes, keys, distribution, consistency, noLoad, threads, seed, output])
        {
            Add(option);
        }

        target.AddTo(this);
        Add(new BenchModesVerb());
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "lab bench --workload set",
        "lab bench --workload get --pipeline 16 --consistency lease",
        "lab bench --rate 5000 --seconds 30           open loop: latency at a rate, stalls included",
        "lab bench --peer redis=127.0.0.1:7000        the cluster and a redis-server in turns",
        "lab bench --resp 127.0.0.1:7000 -o json",
        "lab bench modes                              what the modes deliver, beside what is wanted of them",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var json = parsed.GetValue(output) == "json";
        var options = Read(parsed);
        var targets = new List<BenchTarget> { await FirstAsync(parsed, cancellation).ConfigureAwait(false) };
        foreach (var peer in parsed.GetValue(peers) ?? [])
        {
            targets.Add(await TargetChoice.ParseAsync(peer, "--peer", cancellation).ConfigureAwait(false));
        }

        var run = new BenchRun(options, targets, TimeProvider.System);
        var report = await run.RunAsync(step => Console.Error.WriteLine(step), cancellation).ConfigureAwait(false);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ConsoleJson.Default.BenchReport));
        }
        else
        {
            BenchTables.Write(report);
        }

        return report.Targets.All(target => target.Answered > 0) ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private BenchOptions Read(ParseResult parsed)
    {
        var options = new BenchOptions
        {
            Clients = parsed.GetValue(clients),
            Pipeline = parsed.GetValue(pipeline),
            Measured = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
            Rounds = parsed.GetValue(rounds) ?? (parsed.GetValue(peers) is { Length: > 0 } ? RoundsWithPeers : 1),
            Rate = parsed.GetValue(rate),
            Workload = parsed.GetValue(workload) ?? BenchWorkload.Mixed,
            ReadShare = (parsed.GetValue(readShare) ?? 50) / 100,
            ValueBytes = parsed.GetValue(valueBytes),
            Keys = parsed.GetValue(keys),
            Distribution = parsed.GetValue(distribution) ?? KeyDistribution.Uniform,
            Consistency = parsed.GetValue(consistency),
            Load = !parsed.GetValue(noLoad),
            Threads = parsed.GetValue(threads),
            Seed = parsed.GetValue(seed),
        };
        return options is { Workload: not BenchWorkload.Mixed } && parsed.GetValue(readShare) is not null
            ? throw new UsageException("--read-share belongs to --workload mixed")
            : options;
    }

    private async Task<BenchTarget> FirstAsync(ParseResult parsed, CancellationToken cancellation) => parsed.GetValue(resp) is { } named
        ? await TargetChoice.ParseAsync(named, "--resp", cancellation).ConfigureAwait(false)
        : await TargetChoice.OfAsync(await target.OpenAsync(parsed, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);

    private static T Named<T>(string text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value
            : throw new FormatException($"'{text}' is not one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");

    private static double Rate(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 10_000_000
        ? value
        : throw new FormatException($"'{text}' is not a rate: write requests a second, up to 10000000, for example 5000");
}
