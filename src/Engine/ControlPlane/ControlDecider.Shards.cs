using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

internal static partial class ControlDecider
{
    private static ControlDecision CreateShardTable(ControlView view, CreateShardTable create)
    {
        if (view.HasShardTable)
        {
            return ControlDecision.Refused(ControlRefusal.TableExists, $"the shard table stands already, with {view.Shards.Length} shards; change a shard's replicas instead");
        }

        if (create.Shards.Count != view.Settings.ShardCount)
        {
            return Bad($"the table has {create.Shards.Count} shards; this cluster was formed with {view.Settings.ShardCount}");
        }

        var nextSlot = 0u;
        for (var i = 0; i < create.Shards.Count; i++)
        {
            var shard = create.Shards[i];
            if (shard.Shard != i + 1 || shard.FirstSlot != nextSlot || shard.LastSlot < shard.FirstSlot || shard.LastSlot >= ControlLimits.Slots)
            {
                return Bad($"row {i + 1} of the table is shard {shard.Shard} with slots {shard.FirstSlot}-{shard.LastSlot}; it must be shard {i + 1} from slot {nextSlot} on");
            }

            if (WhyNotReplicas(view, new ShardId(shard.Shard), shard.Replicas, kept: []) is { } refused)
            {
                return refused;
            }

            nextSlot = shard.LastSlot + 1;
        }

        return nextSlot == ControlLimits.Slots
            ? ControlDecision.Decided(new ControlEvent { ShardTableCreated = new ShardTableCreated { Shards = { create.Shards } } })
            : Bad($"the table ends with slot {(int)nextSlot - 1}; it must cover all {ControlLimits.Slots} slots");
    }

    private static ControlDecision SetReplicas(ControlView view, SetReplicas set)
    {
        var id = new ShardId(set.Shard);
        if (view.FindShard(id) is not { } shard)
        {
            return ControlDecision.Refused(ControlRefusal.UnknownShard, $"there is no shard {id}; the table has {view.Shards.Length}");
        }

        if (set.ExpectedEpoch != shard.Epoch)
        {
            return EpochChanged($"the replicas of shard {id}", shard.Epoch, set.ExpectedEpoch);
        }

        if (shard.Replicas.SequenceEqual(ControlRecords.ReadNodes(set.Replicas)))
        {
            return ControlDecision.Unchanged;
        }

        return WhyNotReplicas(view, id, set.Replicas, shard.Replicas)
            ?? ControlDecision.Decided(new ControlEvent { ReplicasChanged = new ReplicasChanged { Shard = set.Shard, Replicas = { set.Replicas } } });
    }

    private static ControlDecision PlaceSingleton(ControlView view, PlaceSingleton place)
    {
        if (!IsLabel(place.Name))
        {
            return Bad($"'{place.Name}' is not a singleton's name: 1 to {ControlLimits.MaxNameLength} of letters, digits, '-', '_' and '.'");
        }

        var old = view.FindSingleton(place.Name);
        if ((old?.Epoch ?? 0) != place.ExpectedEpoch)
        {
            return EpochChanged($"the placement of singleton '{place.Name}'", old?.Epoch ?? 0, place.ExpectedEpoch);
        }

        if (old?.Node.Value == place.Node)
        {
            return ControlDecision.Unchanged;
        }

        if (!view.IsUp(new NodeId(place.Node)))
        {
            return NotUp(view, new NodeId(place.Node), $"singleton '{place.Name}'");
        }

        return old is null && view.Singletons.Length >= ControlLimits.MaxSingletons
            ? ControlDecision.Refused(ControlRefusal.Limit, $"{view.Singletons.Length} singletons are placed, the most there may be")
            : ControlDecision.Decided(new ControlEvent { SingletonPlaced = new SingletonPlaced { Name = place.Name, Node = place.Node } });
    }

    /// <summary>New replicas go to members that are up only; one that holds the shard already may stay while it leaves.</summary>
    private static ControlDecision? WhyNotReplicas(ControlView view, ShardId shard, IReadOnlyList<uint> replicas, ImmutableArray<NodeId> kept)
    {
        if (replicas.Count is 0 or > ControlLimits.MaxReplicationFactor || replicas.Distinct().Count() != replicas.Count)
        {
            return Bad($"shard {shard} cannot have the replicas [{string.Join(", ", replicas)}]: 1 to {ControlLimits.MaxReplicationFactor} different nodes");
        }

        foreach (var replica in replicas)
        {
            var node = new NodeId(replica);
            if (!view.IsUp(node) && !(kept.Contains(node) && view.FindMember(node) is not null))
            {
                return NotUp(view, node, $"shard {shard}");
            }
        }

        return null;
    }

    private static ControlDecision NotUp(ControlView view, NodeId node, string what) => view.FindMember(node) is { } member
        ? ControlDecision.Refused(ControlRefusal.NotUp, $"{what} cannot go to {member.Name}, which is {Word(member.Status)}; choose a member that is up")
        : UnknownNode(view, node);

    private static ControlDecision EpochChanged(string what, ulong now, ulong expected) => ControlDecision.Refused(
        ControlRefusal.EpochChanged,
        now == ControlMachine.UndecidedEpoch
            ? $"{what} is being changed just now; look again when that is decided"
            : $"{what} was decided anew at epoch {now}, after the epoch {expected} that this was asked on; look again");
}
