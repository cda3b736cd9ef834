using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Client.Nodes;

/// <summary>Asks a mode on whichever node answers: a read goes from node to node, anything else to one, since it may have taken effect there.</summary>
internal static class ModeCaller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="node">The node to be asked; null for any.</param>
    /// <returns>The mode's answer, as JSON.</returns>
    /// <exception cref="LabException">No node answers.</exception>
    /// <exception cref="NodeRefusedException">A node refused, and says why.</exception>
    public static async Task<string> CallAsync(ClusterTarget cluster, string? node, ModeCall call, CancellationToken cancellation)
    {
        var names = node is not null ? [NodeChoice.Check(cluster, node)] : await cluster.RunningAsync(cancellation).ConfigureAwait(false);
        foreach (var name in names)
        {
            using var api = cluster.Api(name, Patience);
            try
            {
                return await api.CallModeAsync(call, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (NodeApi.IsNoAnswer(e) && call.IsRead && !cancellation.IsCancellationRequested)
            {
                // The next one may answer.
            }
            catch (Exception e) when (NodeApi.IsNoAnswer(e) && !cancellation.IsCancellationRequested)
            {
                throw new LabException($"{name} has not answered: whether the request took effect is not known. Ask again with the same id, and it takes effect once");
            }
        }

        throw new LabException("no node answers: 'lab status' shows which run");
    }
}
