using Cluster.Engine.Hosting;

namespace Cluster.Node.Resp.Redirection;

/// <summary>The cluster as the RESP door sees it: which node serves which slots.</summary>
public interface IClusterMap
{
    /// <summary>Where a request on a slot is served. Asked for every command: must be cheap.</summary>
    SlotRoute RouteOf(int slot);

    /// <summary>Whether this node leads the shard at a place of the shard table.</summary>
    bool Leads(int shardIndex);

    /// <summary>All nodes and slots.</summary>
    SlotMapView Describe();
}
