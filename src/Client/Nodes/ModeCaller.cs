using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Http;

namespace Cluster.Client.Nodes;

/// <summary>Asks a mode on whichever node answers: a read goes from node to node, anything else to one, since it may have taken effect there.</summary>
internal static class ModeCaller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="node">The node to be asked; null for any.</param>
    /// <returns>The mode's answer, as JSON.</returns>
    /// <exception cref="LabException">No node answers.</exception>
    /// <exception cref="NodeRefusedException">A node refused, and says why.</exception>
    public static Task<string> CallAsync(ClusterTarget cluster, string? node, ModeCall call, CancellationToken cancellation) =>
        AskAsync(cluster, node, call.IsRead, api => api.CallModeAsync(call, cancellation), cancellation);

    /// <summary>The modes that a node hosts, with what each can be asked.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public static Task<IReadOnlyList<ModeView>> ListAsync(ClusterTarget cluster, string? node, CancellationToken cancellation) =>
        AskAsync(cluster, node, isRead: true, api => api.GetModesAsync(cancellation), cancellation);

    /// <summary>Asks any door of a node, likewise.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public static async Task<T> AskAsync<T>(ClusterTarget cluster, string? node, bool isRead, Func<NodeApi, Task<T>> ask, CancellationToken cancellation)
    {
        var names = node is not null ? [NodeChoice.Check(cluster, node)] : await cluster.RunningAsync(cancellation).ConfigureAwait(false);
        foreach (var name in names)
        {
            using var api = cluster.Api(name, Patience);
            try
            {
                return await ask(api).ConfigureAwait(false);
            }
            catch (Exception e) when (NodeApi.IsNoAnswer(e) && isRead && !cancellation.IsCancellationRequested)
            {
                // The next one may answer.
            }
            catch (Exception e) when (NodeApi.IsNoAnswer(e) && !cancellation.IsCancellationRequested)
            {
                throw new LabException($"{name} has not answered: whether the request took effect is not known. What names its request by an id can be asked again with the same, and takes effect once");
            }
        }

        throw new LabException($"{node ?? "no node"} {(node is null ? "answers" : "does not answer")}: 'lab status' shows which run");
    }
}
