using Cluster.Engine.ControlPlane;
using Cluster.Engine.Membership;
using Cluster.Engine.Remoting;
using Cluster.Engine.Replication;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Hosting;

/// <summary>What routing knows of shards, from the control plane's view, this node's own replicas and its failure detector.</summary>
internal sealed class ReplicaDirectory(ControlViews views, ReplicaBoard board, ReachabilityBoard reachability, LocalNode local) : IReplicaDirectory, IShardTable
{
    public int ShardCount => views.Current.Shards.Length;

    public ShardId ShardOf(int slot) => views.Current.ShardOfSlot(slot);

    public ShardId ShardAt(int index) => views.Current.Shards[index].Shard;

    /// <remarks>One that the table has placed elsewhere meanwhile does not count: its group does not speak to it any more, so it learns of no leader.</remarks>
    public bool HoldsReplica(ShardId shard) =>
        board.Find(shard) is not null && (shard.IsControl || views.Current.FindShard(shard) is { } row && row.Replicas.Contains(local.Node));

    public NodeId AnyReplica(ShardId shard, int attempt)
    {
        if (attempt == 0 && HoldsReplica(shard))
        {
            return local.Node;
        }

        var view = views.Current;
        IEnumerable<NodeId> holders = shard.IsControl ? view.Members.Select(member => member.Node) : view.FindShard(shard)?.Replicas ?? [];
        var candidates = holders.Where(node => node != local.Node && reachability.IsReachable(node)).ToArray();
        return candidates.Length == 0 ? NodeId.None : candidates[attempt % candidates.Length];
    }

    public bool IsCutOff(ShardId shard)
    {
        var voters = board.Find(shard)?.Configuration.Voters ?? views.Current.FindShard(shard)?.Replicas ?? [];
        var reachable = voters.Count(voter => voter == local.Node || reachability.IsReachable(voter));
        return !voters.IsEmpty && reachable <= voters.Length / 2;
    }

    public string WhyNoLeader(ShardId shard)
    {
        var view = views.Current;
        if (!shard.IsControl && view.FindShard(shard) is null)
        {
            return $"{shard} is not in the shard table";
        }

        var lost = view.Members.Where(member => !reachability.IsReachable(member.Node)).Select(member => member.Name.ToString()).ToArray();
        return lost.Length == 0
            ? $"{shard} has no leader at the moment: an election is under way"
            : $"{shard} has no leader that this node can reach (unreachable from here: {string.Join(", ", lost)}); the side with a majority of its replicas serves";
    }
}
