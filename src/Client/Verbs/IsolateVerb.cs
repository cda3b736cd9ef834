using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>Cuts one node off from all others, both ways. Clients still reach it.</summary>
internal sealed class IsolateVerb : FaultVerb
{
    private readonly Argument<string> node = VerbOptions.Node();
    private readonly Option<bool> network = new("--network") { Description = "Take its container off the network: clients lose it too (--target compose)" };

    public IsolateVerb()
        : base("isolate", "Cut one node off from all others; clients still reach it")
    {
        Add(node);
        Add(network);
    }

    public override IReadOnlyList<string> Examples => ["lab isolate n1", "lab isolate n1 --network --target compose"];

    protected override async Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, ClusterTarget cluster, LinkFaultInjector injector, CancellationToken cancellation)
    {
        var name = NodeChoice.Check(cluster, parsed.GetValue(node)!);
        if (parsed.GetValue(network))
        {
            await cluster.DisconnectAsync(name, cancellation).ConfigureAwait(false);
            return ($"{name} ({cluster.Describe(name)}) is off the network; 'lab heal' puts it back", new Dictionary<string, string>());
        }

        var groups = NodeGroups.Isolate(name, cluster.NodeNames);
        var failed = await injector.ChangeAsync(groups.CutPairs(), LinkChange.CutLink, cancellation).ConfigureAwait(false);
        return ($"cut: {groups}; 'lab heal' ends it", failed);
    }
}
