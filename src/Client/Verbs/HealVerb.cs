using System.CommandLine;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>Takes every fault off every link.</summary>
internal sealed class HealVerb() : FaultVerb("heal", "Take every fault off every link")
{
    public override IReadOnlyList<string> Examples => ["lab heal"];

    protected override async Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, ClusterTarget cluster, LinkFaultInjector injector, CancellationToken cancellation)
    {
        var reconnected = await cluster.ReconnectAsync(cancellation).ConfigureAwait(false);
        var failed = await injector.HealAsync(cancellation).ConfigureAwait(false);
        return ($"healed: no link has a fault{(reconnected.Count == 0 ? "" : $"; {string.Join(", ", reconnected)} back on the network")}", failed);
    }
}
