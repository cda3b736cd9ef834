using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>Makes the link between two nodes bad, both ways unless told otherwise, on top of what it suffers already.</summary>
internal sealed class LinkVerb : FaultVerb
{
    private readonly Argument<string> from = new("FROM") { Description = "A node" };
    private readonly Argument<string> to = new("TO") { Description = "The node at the other end" };
    private readonly Option<int?> delay = VerbOptions.Parsed("--delay", "Added to every message: 50ms, 1.5s; 0 takes it away", "TIME", Quantity.Milliseconds);
    private readonly Option<int?> jitter = VerbOptions.Parsed("--jitter", "Random part added to the delay", "TIME", Quantity.Milliseconds);
    private readonly Option<double?> loss = VerbOptions.Parsed("--loss", "Share of messages dropped: 10%", "SHARE", Quantity.Percent);
    private readonly Option<double?> duplicate = VerbOptions.Parsed("--duplicate", "Share of messages sent twice", "SHARE", Quantity.Percent);
    private readonly Option<double?> reorder = VerbOptions.Parsed("--reorder", "Share of messages held back behind later ones", "SHARE", Quantity.Percent);
    private readonly Option<long?> throttle = VerbOptions.Parsed("--throttle", "Most bytes for each second: 1MB/s; 0 takes it away", "RATE", Quantity.BytesPerSecond);
    private readonly Option<bool> cut = new("--cut") { Description = "Nothing passes" };
    private readonly Option<bool> oneWay = new("--one-way") { Description = "Only from FROM to TO" };

    public LinkVerb()
        : base("link", "Delay, lose, duplicate, reorder, throttle or cut between two nodes")
    {
        Add(from);
        Add(to);
        foreach (var option in (Option[])[delay, jitter, loss, duplicate, reorder, throttle, cut, oneWay])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<string> Examples => ["lab link n1 n2 --delay 50ms --loss 10%", "lab link n1 n2 --throttle 1MB/s", "lab link n1 n2 --cut --one-way"];

    protected override async Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, ClusterTarget cluster, LinkFaultInjector injector, CancellationToken cancellation)
    {
        var a = NodeChoice.Check(cluster, parsed.GetValue(from)!);
        var b = NodeChoice.Check(cluster, parsed.GetValue(to)!);
        if (a == b)
        {
            throw new UsageException($"{a} has no link to itself");
        }

        var change = new LinkChange(
            parsed.GetValue(cut) ? true : null,
            parsed.GetValue(delay),
            parsed.GetValue(jitter),
            parsed.GetValue(loss),
            parsed.GetValue(duplicate),
            parsed.GetValue(reorder),
            parsed.GetValue(throttle));
        if (change.IsEmpty)
        {
            throw new UsageException("say what the link shall suffer: --delay, --jitter, --loss, --duplicate, --reorder, --throttle or --cut");
        }

        var single = parsed.GetValue(oneWay);
        (string, string)[] links = single ? [(a, b)] : [(a, b), (b, a)];
        var failed = await injector.ChangeAsync(links, change, cancellation).ConfigureAwait(false);
        return ($"{a} {(single ? "->" : "<->")} {b} changed; 'lab status' shows it, 'lab heal' ends it", failed);
    }
}
