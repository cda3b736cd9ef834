using System.CommandLine;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>Cuts every link between the sides, both ways. Nodes that are not named keep all their links.</summary>
internal sealed class PartitionVerb : FaultVerb
{
    private readonly Argument<string[]> sides = new("SIDES") { Description = "Nodes of each side, with a slash between the sides: n1,n2 / n3", Arity = ArgumentArity.OneOrMore };

    public PartitionVerb()
        : base("partition", "Cut every link between groups of nodes") => Add(sides);

    public override IReadOnlyList<string> Examples => ["lab partition n1,n2 / n3", "lab partition n1 / n2 / n3", "lab partition n1,n2 / n4,n5     (n3 reaches both sides)"];

    protected override async Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, ClusterTarget cluster, LinkFaultInjector injector, CancellationToken cancellation)
    {
        NodeGroups groups;
        try
        {
            groups = NodeGroups.Parse(string.Join(' ', parsed.GetValue(sides)!), cluster.NodeNames);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }

        var failed = await injector.ChangeAsync(groups.CutPairs(), LinkChange.CutLink, cancellation).ConfigureAwait(false);
        var bridge = cluster.NodeNames.Except(groups.Sides.SelectMany(side => side)).ToList();
        return ($"cut: {groups}{(bridge.Count == 0 ? "" : $" ({string.Join(", ", bridge)} reach all)")}; 'lab heal' ends it", failed);
    }
}
