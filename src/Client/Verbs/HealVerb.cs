using System.CommandLine;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>Takes every fault off every link, every disk and every clock.</summary>
internal sealed class HealVerb() : FaultVerb("heal", "Take every fault off every link, disk and clock")
{
    public override IReadOnlyList<string> Examples => ["lab heal"];

    protected override async Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, ClusterTarget cluster, LinkFaultInjector injector, CancellationToken cancellation)
    {
        var reconnected = await cluster.ReconnectAsync(cluster.NodeNames, cancellation).ConfigureAwait(false);
        var failed = new Dictionary<string, string>(await injector.HealAsync(cancellation).ConfigureAwait(false));
        foreach (var (name, reason) in await new NodeFaultInjector(cluster, RequestTimeout).HealAsync(cancellation).ConfigureAwait(false))
        {
            failed[name] = reason;
        }

        return ($"healed: no link, disk or clock has a fault{(reconnected.Count == 0 ? "" : $"; {string.Join(", ", reconnected)} back on the network")}", failed);
    }
}
