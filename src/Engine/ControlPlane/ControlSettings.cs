namespace Cluster.Engine.ControlPlane;

/// <summary>What a cluster is formed with, for its whole life.</summary>
/// <param name="ShardCount">Into how many shards the slots are cut: 1 to <see cref="ControlLimits.MaxShards"/>.</param>
/// <param name="ReplicationFactor">Replicas of a shard where there are enough members: 1 to <see cref="ControlLimits.MaxReplicationFactor"/>.</param>
public sealed record ControlSettings(int ShardCount, int ReplicationFactor)
{
    /// <summary>Twelve shards spread evenly over 2, 3, 4 or 6 nodes; three replicas survive the loss of one.</summary>
    public static readonly ControlSettings Default = new(12, 3);
}
