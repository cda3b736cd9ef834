using Cluster.Engine.ControlPlane;
using Cluster.Engine.Remoting;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>
/// Refuses links to nodes that the cluster has removed: their data is of no use any more, and their votes least of all. The transport is made with it before the
/// node that knows the members is; until then it refuses nobody.
/// </summary>
public sealed class RemovedNodesPolicy : IHandshakePolicy
{
    /// <summary>What the node knows of its cluster.</summary>
    internal ControlViews? Views { get; set; }

    public string? Judge(Hello hello)
    {
        return Views?.Current is { } view && ControlRecords.TryReadUid(hello.Uid, out var uid) && view.FindRemoved(uid) is { } removed
            ? $"{hello.Name} at {hello.Address} was removed from cluster {view.ClusterName} as {removed.Name} {removed.Node}; to come back it has to start on an empty data directory, as a new node"
            : null;
    }
}
