using Cluster.Engine.ControlPlane;
using Cluster.Engine.Remoting;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>Refuses links to nodes that the cluster has removed: their data is of no use any more, and their votes least of all.</summary>
internal sealed class RemovedNodesPolicy(ControlViews views) : IHandshakePolicy
{
    public string? Judge(Hello hello)
    {
        var view = views.Current;
        return ControlRecords.TryReadUid(hello.Uid, out var uid) && view.FindRemoved(uid) is { } removed
            ? $"{hello.Name} at {hello.Address} was removed from cluster {view.ClusterName} as {removed.Name} {removed.Node}; to come back it has to start on an empty data directory, as a new node"
            : null;
    }
}
