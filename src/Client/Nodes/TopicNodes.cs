using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;

namespace Cluster.Client.Nodes;

/// <summary>The node that publish-subscribe is asked of: the named one, or the first that answers, since all are as good.</summary>
internal static class TopicNodes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="LabException">It does not answer, or refuses and says why.</exception>
    public static async Task<T> AskAsync<T>(ClusterTarget cluster, string? named, Func<NodeApi, CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        var node = await ChooseAsync(cluster, named, cancellation).ConfigureAwait(false);
        using var api = cluster.Api(node, Patience);
        try
        {
            return await ask(api, cancellation).ConfigureAwait(false);
        }
        catch (NodeRefusedException refused) when (!refused.IsUsage)
        {
            throw new LabException($"{node} refuses: {refused.Message}");
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e) && !cancellation.IsCancellationRequested)
        {
            throw new LabException($"{node} does not answer: {e.Message}");
        }
    }

    /// <exception cref="UsageException">There is no node of that name.</exception>
    /// <exception cref="LabException">None runs.</exception>
    public static async Task<string> ChooseAsync(ClusterTarget cluster, string? named, CancellationToken cancellation)
    {
        if (named is not null)
        {
            return NodeChoice.Check(cluster, named);
        }

        foreach (var node in cluster.NodeNames)
        {
            if (await cluster.MayAnswerAsync(node, cancellation).ConfigureAwait(false))
            {
                return node;
            }
        }

        throw new LabException("no node answers: 'lab status' shows which run");
    }
}
