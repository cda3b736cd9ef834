using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>What a starting node's data directory says about its cluster.</summary>
/// <param name="ClusterId">The cluster it belongs to; empty on a directory that has never been in one.</param>
/// <param name="Node">Its number there; none where it has never been in one.</param>
internal sealed record BootstrapIdentity(string ClusterId, NodeId Node)
{
    public static readonly BootstrapIdentity Fresh = new("", NodeId.None);

    public bool IsFresh => ClusterId.Length == 0;
}
