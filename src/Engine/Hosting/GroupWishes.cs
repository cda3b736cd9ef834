using Cluster.Engine.ControlPlane;
using Cluster.Engine.Replication;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>Turns the control plane's decisions into what each Raft group should look like.</summary>
internal sealed class GroupWishes(ControlViews views, ReplicaBoard board, IReadOnlyList<NodeAddress> seeds, Func<NodeId, bool> isAbsent)
{
    /// <summary>Null while nothing is decided about the group.</summary>
    public GroupWish? Of(ShardId group)
    {
        var view = views.Current;
        if (group.IsControl)
        {
            var now = board.Find(group);
            var chosen = ControlVoters.Choose(view, seeds, now?.Configuration.Voters ?? [], isAbsent, now?.Leader ?? NodeId.None);
            return new GroupWish(chosen.Voters, chosen.Learners);
        }

        return view.FindShard(group) is { } shard ? new GroupWish(shard.Replicas, []) : null;
    }
}
