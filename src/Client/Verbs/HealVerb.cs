using System.CommandLine;
using Cluster.Lab.Faults;
using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>Takes every fault off every link.</summary>
internal sealed class HealVerb() : FaultVerb("heal", "Take every fault off every link")
{
    public override IReadOnlyList<string> Examples => ["lab heal"];

    protected override async Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, LocalCluster cluster, LinkFaultInjector injector, CancellationToken cancellation) =>
        ("healed: no link has a fault", await injector.HealAsync(cancellation).ConfigureAwait(false));
}
