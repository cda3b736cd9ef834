using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Faults;
using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>Cuts one node off from all others, both ways. Clients still reach it.</summary>
internal sealed class IsolateVerb : FaultVerb
{
    private readonly Argument<string> node = VerbOptions.Node();

    public IsolateVerb()
        : base("isolate", "Cut one node off from all others; clients still reach it") => Add(node);

    public override IReadOnlyList<string> Examples => ["lab isolate n1"];

    protected override async Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, LocalCluster cluster, LinkFaultInjector injector, CancellationToken cancellation)
    {
        var groups = NodeGroups.Isolate(NodeChoice.Check(cluster, parsed.GetValue(node)!), cluster.NodeNames);
        var failed = await injector.ChangeAsync(groups.CutPairs(), LinkChange.CutLink, cancellation).ConfigureAwait(false);
        return ($"cut: {groups}; 'lab heal' ends it", failed);
    }
}
