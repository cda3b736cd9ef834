using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Remoting.Handshakes;

/// <summary>
/// Which clusters' nodes are welcome: this node's own, and those that it is federated with, each known by its name and, once its first formed node was met, by its random id. A second cluster under a name that is
/// taken is refused, the own name included: else two clusters could take each other's writes for their own.
/// </summary>
internal sealed class ClusterCheck(LocalNode local)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);

    /// <summary>Why the speaker's cluster is not welcome; null when it is.</summary>
    /// <param name="dialled">The address that this node dialled to reach it; null when it dialled.</param>
    public string? WhyNot(Hello hello, NodeAddress? dialled)
    {
        var other = local.Federated.FirstOrDefault(known => known.Name == hello.Cluster);
        var contactOf = dialled is { } address ? local.Federated.FirstOrDefault(known => known.Contacts.Contains(address)) : null;
        if (contactOf is not null && contactOf.Name != hello.Cluster)
        {
            return $"{dialled} is a contact of cluster '{contactOf.Name}', but the node there belongs to '{Shown(hello.Cluster)}': mend --federate";
        }

        if (hello.Cluster == local.Cluster)
        {
            return hello.ClusterId.Length > 0 && local.ClusterId.Length > 0 && hello.ClusterId != local.ClusterId
                ? $"it belongs to another cluster that is named '{local.Cluster}' too (id {Shown(hello.ClusterId)}, this one's is {local.ClusterId}): a cluster's name must be its own"
                : null;
        }

        return other is null ? $"it belongs to cluster '{Shown(hello.Cluster)}', this node to '{local.Cluster}'" : WhyNotThatOne(hello);
    }

    private string? WhyNotThatOne(Hello hello)
    {
        if (hello.ClusterId.Length == 0)
        {
            return null; // It has not found its cluster yet; it will say when it dials again.
        }

        lock (gate)
        {
            return ids.TryAdd(hello.Cluster, hello.ClusterId) || ids[hello.Cluster] == hello.ClusterId
                ? null
                : $"it belongs to a second cluster that is named '{hello.Cluster}' (id {Shown(hello.ClusterId)}; {ids[hello.Cluster]} is known): name one of them otherwise, or, if that one was made anew, start this node again";
        }
    }

    private static string Shown(string text) => string.Concat(text.Take(64).Select(letter => char.IsControl(letter) ? '?' : letter));
}
