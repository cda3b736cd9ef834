using System.CommandLine;
using Cluster.Lab;
using Cluster.Lab.Faults;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Client.Verbs;

/// <summary>Makes the disk of running nodes slow, full, failing or forgetful, on top of what it is already; or damages that of a node that does not run.</summary>
internal sealed class DiskVerb : NodeFaultVerb
{
    private readonly Option<int?> latency = VerbOptions.Parsed("--latency", "Added to every flush: 50ms, 1.5s; 0 takes it away", "TIME", Quantity.Milliseconds);
    private readonly Option<int?> writeLatency = VerbOptions.Parsed("--write-latency", "Added to every write; 0 takes it away", "TIME", Quantity.Milliseconds);
    private readonly Option<int?> jitter = VerbOptions.Parsed("--jitter", "Random part added to either", "TIME", Quantity.Milliseconds);
    private readonly Option<bool> failFlush = Switch("--fail-flush", "Every flush fails: the node ends itself");
    private readonly Option<bool> failWrites = Switch("--fail-writes", "Every write fails half done");
    private readonly Option<bool> full = Switch("--full", "No write finds room");
    private readonly Option<bool> loseUnsynced = Switch("--lose-unsynced", "What is not flushed is lost when the node is killed, as at a power loss");
    private readonly Option<bool> torn = Switch("--torn", "And a killed node leaves a write half done");
    private readonly Option<int?> flipBit = new("--flip-bit") { Description = "Flip one bit in the log of a local node that does not run, at a place that the number chooses", HelpName = "SEED" };

    public DiskVerb()
        : base("disk", "Make a node's disk slow, full, failing or forgetful; without an option, show what it is")
    {
        foreach (var option in (Option[])[latency, writeLatency, jitter, failFlush, failWrites, full, loseUnsynced, torn, flipBit])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<string> Examples =>
    [
        "lab disk n1 --latency 50ms --jitter 10ms", "lab disk n1 --full", "lab disk n1 --full false", "lab disk n1 n2 n3 --lose-unsynced --torn", "lab disk n1",
        "lab kill n3 && lab disk n3 --flip-bit 1",
    ];

    protected override Task<IReadOnlyDictionary<string, string>>? Change(ParseResult parsed, ClusterTarget cluster, NodeFaultInjector injector, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var change = new DiskChange(
            parsed.GetValue(latency), parsed.GetValue(writeLatency), parsed.GetValue(jitter),
            Given(parsed, failFlush), Given(parsed, failWrites), Given(parsed, full), Given(parsed, loseUnsynced), Given(parsed, torn));
        if (parsed.GetValue(flipBit) is { } seed)
        {
            return change.IsEmpty && names.Count == 1 ? FlipAsync(cluster, names[0], seed, cancellation) : throw new UsageException("--flip-bit is for one node that does not run, and goes with no other fault");
        }

        return change.IsEmpty ? null : injector.ChangeDiskAsync(names, change, cancellation);
    }

    protected override async Task<IReadOnlyDictionary<string, string>> ShowAsync(NodeFaultInjector injector, CancellationToken cancellation) =>
        (await injector.GetDisksAsync(cancellation).ConfigureAwait(false)).ToDictionary(node => node.Key, node => Describe(node.Value));

    private static async Task<IReadOnlyDictionary<string, string>> FlipAsync(ClusterTarget cluster, string name, int seed, CancellationToken cancellation)
    {
        if (cluster is not LocalCluster local)
        {
            throw new LabException($"{cluster.Describe(name)} keeps its data where this console cannot reach it: --flip-bit works on local processes");
        }

        if (await cluster.StateAsync(name, cancellation).ConfigureAwait(false) != ProcessState.Dead)
        {
            throw new LabException($"{name} runs: 'lab kill {name}' first, its log is open");
        }

        Console.WriteLine($"flipped {BitFlip.Make(local.Directory.DataOf(name), new Random(seed))}; 'lab restart {name}' shows whether it is found");
        return new Dictionary<string, string>();
    }

    private static string Describe(DiskFaultView disk) => Words(
        "its disk is healthy",
        (disk.LatencyMs > 0, $"flushes {disk.LatencyMs} ms late"),
        (disk.WriteLatencyMs > 0, $"writes {disk.WriteLatencyMs} ms late"),
        (disk.JitterMs > 0, $"up to {disk.JitterMs} ms more by jitter"),
        (disk.FailFlush, $"flushes fail"),
        (disk.FailWrites, $"writes fail"),
        (disk.Full, $"full"),
        (disk.LoseUnsynced, $"loses at a kill what is not flushed"),
        (disk.Torn, $"tears writes at a kill"));

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description + "; false takes it away", HelpName = "false" };

    private static bool? Given(ParseResult parsed, Option<bool> option) => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;
}
