using Cluster.Engine.ControlPlane;
using Cluster.Engine.Port;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>The shard table with the leaders that this node believes in.</summary>
internal sealed class ShardPlaces(ControlViews views, LeaderDirectory leaders) : IShardPlaces
{
    public ShardPlace? Find(int slot)
    {
        var view = views.Current;
        var shard = view.ShardOfSlot(slot);
        if (shard.IsControl || view.FindShard(shard) is not { } row)
        {
            return null;
        }

        var leader = leaders.Leader(shard);
        return new ShardPlace(shard.Value, leader == NodeId.None ? null : view.NameOf(leader), [.. row.Replicas.Select(view.NameOf)]);
    }
}
