using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Lab.Faults;

/// <summary>
/// Sets faults on the links of a running cluster, on top of those set before. A link has two directions, and each node is told of the one that leaves
/// it. Nodes that do not answer are reported, not waited for: a dead node has no links to break.
/// </summary>
public sealed class LinkFaultInjector(ClusterTarget cluster, TimeSpan timeout)
{
    /// <returns>The nodes that could not be told, with the reason.</returns>
    public Task<IReadOnlyDictionary<string, string>> ChangeAsync(IEnumerable<(string From, string To)> links, LinkChange change, CancellationToken cancellation) =>
        OnEachAsync(links.ToLookup(link => link.From, link => link.To), async (api, peers) =>
        {
            var faults = await api.GetLinksAsync(cancellation).ConfigureAwait(false);
            await api.PutLinksAsync(peers.Aggregate(faults, (sofar, peer) => change.ApplyTo(sofar, peer)), cancellation).ConfigureAwait(false);
        });

    /// <summary>Takes every fault away, everywhere.</summary>
    /// <returns>The nodes that could not be told, with the reason.</returns>
    public Task<IReadOnlyDictionary<string, string>> HealAsync(CancellationToken cancellation) =>
        OnEachAsync(cluster.NodeNames.ToLookup(name => name, name => name), (api, _) => api.PutLinksAsync([], cancellation));

    /// <summary>What is set now, by the node that it leaves. Nodes that do not answer are left out.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<LinkFaultView>>> GetAsync(CancellationToken cancellation)
    {
        var set = new SortedDictionary<string, IReadOnlyList<LinkFaultView>>(StringComparer.Ordinal);
        await OnEachAsync(cluster.NodeNames.ToLookup(name => name, name => name), async (api, names) =>
        {
            var faults = await api.GetLinksAsync(cancellation).ConfigureAwait(false);
            lock (set)
            {
                set[names.First()] = faults;
            }
        }).ConfigureAwait(false);
        return set;
    }

    private async Task<IReadOnlyDictionary<string, string>> OnEachAsync(ILookup<string, string> nodes, Func<NodeApi, IEnumerable<string>, Task> tell)
    {
        var failed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await Task.WhenAll(nodes.Select(async node =>
        {
            var reason = await TellAsync(node, tell).ConfigureAwait(false);
            if (reason is not null)
            {
                lock (failed)
                {
                    failed[node.Key] = reason;
                }
            }
        })).ConfigureAwait(false);
        return failed;
    }

    /// <summary>Null when the node was told, else why not.</summary>
    private async Task<string?> TellAsync(IGrouping<string, string> node, Func<NodeApi, IEnumerable<string>, Task> tell)
    {
        // A paused process takes the connection and keeps silent: asking it only costs the timeout.
        var state = await cluster.StateAsync(node.Key, CancellationToken.None).ConfigureAwait(false);
        if (state is ProcessState.Paused or ProcessState.Dead)
        {
            return state == ProcessState.Paused ? "it is paused" : "it is dead";
        }

        using var api = cluster.Api(node.Key, timeout);
        try
        {
            await tell(api, node).ConfigureAwait(false);
            return null;
        }
        catch (NodeRefusedException e)
        {
            return e.Message;
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e))
        {
            return "it does not answer";
        }
    }
}
