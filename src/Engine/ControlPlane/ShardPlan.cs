using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>The replicas a shard should have, in order of preference: the first is the preferred leader.</summary>
internal readonly record struct ShardPlan(ShardId Shard, int FirstSlot, int LastSlot, ImmutableArray<NodeId> Replicas);
