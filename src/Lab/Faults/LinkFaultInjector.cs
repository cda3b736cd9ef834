using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Lab.Faults;

/// <summary>
/// Sets faults on the links of a running cluster, on top of those set before. A link has two directions, and each node is told of the one that leaves
/// it. Nodes that do not answer are reported, not waited for: a dead node has no links to break.
/// </summary>
public sealed class LinkFaultInjector(ClusterTarget cluster, TimeSpan timeout)
{
    private readonly EachNode nodes = new(cluster, timeout);

    /// <returns>The nodes that could not be told, with the reason.</returns>
    public Task<IReadOnlyDictionary<string, string>> ChangeAsync(IEnumerable<(string From, string To)> links, LinkChange change, CancellationToken cancellation)
    {
        var peersOf = links.ToLookup(link => link.From, link => link.To);
        return nodes.TellAsync(peersOf.Select(node => node.Key), async (node, api) =>
        {
            var faults = await api.GetLinksAsync(cancellation).ConfigureAwait(false);
            await api.PutLinksAsync(peersOf[node].Aggregate(faults, (sofar, peer) => change.ApplyTo(sofar, peer)), cancellation).ConfigureAwait(false);
        });
    }

    /// <summary>Takes every fault off every link.</summary>
    /// <returns>The nodes that could not be told, with the reason.</returns>
    public Task<IReadOnlyDictionary<string, string>> HealAsync(CancellationToken cancellation) =>
        nodes.TellAsync(cluster.NodeNames, (_, api) => api.PutLinksAsync([], cancellation));

    /// <summary>What is set now, by the node that it leaves. Nodes that do not answer are left out.</summary>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<LinkFaultView>>> GetAsync(CancellationToken cancellation) =>
        nodes.AskAsync(cluster.NodeNames, api => api.GetLinksAsync(cancellation));
}
