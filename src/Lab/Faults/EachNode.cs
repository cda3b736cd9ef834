using Cluster.Lab.Http;
using Cluster.Lab.Targets;

namespace Cluster.Lab.Faults;

/// <summary>Tells several nodes something at once. Nodes that do not answer are reported, not waited for.</summary>
internal sealed class EachNode(ClusterTarget cluster, TimeSpan timeout)
{
    /// <returns>The nodes that could not be told, with the reason.</returns>
    public async Task<IReadOnlyDictionary<string, string>> TellAsync(IEnumerable<string> nodes, Func<string, NodeApi, Task> tell)
    {
        var failed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await Task.WhenAll(nodes.Distinct().Select(async node =>
        {
            var reason = await TellAsync(node, tell).ConfigureAwait(false);
            if (reason is not null)
            {
                lock (failed)
                {
                    failed[node] = reason;
                }
            }
        })).ConfigureAwait(false);
        return failed;
    }

    /// <summary>What each node answers; those that do not are left out.</summary>
    public async Task<IReadOnlyDictionary<string, T>> AskAsync<T>(IEnumerable<string> nodes, Func<NodeApi, Task<T>> ask)
    {
        var answers = new SortedDictionary<string, T>(StringComparer.Ordinal);
        await TellAsync(nodes, async (node, api) =>
        {
            var answer = await ask(api).ConfigureAwait(false);
            lock (answers)
            {
                answers[node] = answer;
            }
        }).ConfigureAwait(false);
        return answers;
    }

    /// <summary>Null when the node was told, else why not.</summary>
    private async Task<string?> TellAsync(string node, Func<string, NodeApi, Task> tell)
    {
        // A paused process takes the connection and keeps silent: asking it only costs the timeout.
        var state = await cluster.StateAsync(node, CancellationToken.None).ConfigureAwait(false);
        if (state is ProcessState.Paused or ProcessState.Dead)
        {
            return state == ProcessState.Paused ? "it is paused" : "it is dead";
        }

        using var api = cluster.Api(node, timeout);
        try
        {
            await tell(node, api).ConfigureAwait(false);
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
