using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>One shard's row in the shard table.</summary>
/// <param name="LastSlot">Inclusive.</param>
/// <param name="Replicas">Who should hold it, in order of preference: the first is the preferred leader. Who holds it just now is its Raft group's own affair.</param>
/// <param name="InitialReplicas">The voters with which its group starts on a disk that has never held it: the same for ever, or two replicas could start two groups.</param>
/// <param name="Epoch">The decision that gave it these replicas.</param>
public sealed record ControlShard(
    ShardId Shard,
    int FirstSlot,
    int LastSlot,
    ImmutableArray<NodeId> Replicas,
    ImmutableArray<NodeId> InitialReplicas,
    ulong Epoch)
{
    public NodeId PreferredLeader => Replicas[0];
}
