using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// What holds of every state of the control plane. Checked after each applied decision and on every restored snapshot, in release builds too: a replica
/// that would break one stops before anybody acts on it.
/// </summary>
internal static class ControlInvariants
{
    /// <exception cref="InvalidDataException">An invariant is broken; the message says which, and where.</exception>
    public static void Require(ControlView view)
    {
        RequireMembers(view);
        RequireTombstones(view);
        RequireShards(view);
        RequireSingletons(view);
    }

    private static void RequireMembers(ControlView view)
    {
        var names = new HashSet<NodeName>();
        var uids = new HashSet<Guid>();
        var before = NodeId.None;
        foreach (var member in view.Members)
        {
            Demand(member.Node > before && member.Node <= view.LastNode, $"{member} stands out of order, or above the last number handed out, {view.LastNode}");
            Demand(names.Add(member.Name), $"the name {member.Name} is held twice");
            Demand(uids.Add(member.Uid), $"the uid of {member} is held twice");
            Demand(member.Status is > MemberStatus.Unspecified and < MemberStatus.Removed, $"{member} has a status that no member can have");
            Demand(member.JoinEpoch <= member.StatusEpoch && member.StatusEpoch <= view.Epoch, $"{member} has an epoch from the future");
            before = member.Node;
        }
    }

    private static void RequireTombstones(ControlView view)
    {
        Demand(view.Removed.Length <= ControlLimits.MaxRemoved, "too many removed members are remembered");
        var before = NodeId.None;
        foreach (var tombstone in view.Removed)
        {
            Demand(tombstone.Node > before && tombstone.Node <= view.LastNode, $"removed {tombstone} stands out of order");
            Demand(tombstone.Status == MemberStatus.Removed, $"removed {tombstone} has another status");
            Demand(view.FindMember(tombstone.Node) is null && view.FindMember(tombstone.Uid) is null, $"removed {tombstone} has come back");
            before = tombstone.Node;
        }
    }

    private static void RequireShards(ControlView view)
    {
        if (!view.HasShardTable)
        {
            return;
        }

        Demand(view.Shards.Length == view.Settings.ShardCount, $"the table has {view.Shards.Length} shards, the cluster {view.Settings.ShardCount}");
        var nextSlot = 0;
        for (var i = 0; i < view.Shards.Length; i++)
        {
            var shard = view.Shards[i];
            Demand(shard.Shard.Value == i + 1, $"shard {shard.Shard} stands in row {i + 1}");
            Demand(shard.FirstSlot == nextSlot && shard.LastSlot >= shard.FirstSlot, $"shard {shard.Shard} covers {shard.FirstSlot}-{shard.LastSlot}, next is slot {nextSlot}");
            Demand(HoldsEachOnce(shard.Replicas, view.LastNode), $"shard {shard.Shard} has no replica, one twice, or one at no node");
            Demand(HoldsEachOnce(shard.InitialReplicas, view.LastNode), $"shard {shard.Shard} has no first replica, one twice, or one at no node");
            Demand(shard.Epoch <= view.Epoch, $"shard {shard.Shard} has an epoch from the future");
            nextSlot = shard.LastSlot + 1;
        }

        Demand(nextSlot == ControlLimits.Slots, $"the table ends before slot {nextSlot} of {ControlLimits.Slots}");
    }

    private static void RequireSingletons(ControlView view)
    {
        for (var i = 0; i < view.Singletons.Length; i++)
        {
            var singleton = view.Singletons[i];
            Demand(i == 0 || string.CompareOrdinal(view.Singletons[i - 1].Name, singleton.Name) < 0, $"singleton {singleton.Name} stands out of order, or twice");
            Demand(!singleton.Node.IsNone && singleton.Node <= view.LastNode && singleton.Epoch <= view.Epoch, $"singleton {singleton.Name} has no node, or an epoch from the future");
        }
    }

    private static bool HoldsEachOnce(ImmutableArray<NodeId> replicas, NodeId last)
    {
        for (var i = 0; i < replicas.Length; i++)
        {
            if (replicas[i].IsNone || replicas[i] > last || replicas.AsSpan(0, i).Contains(replicas[i]))
            {
                return false;
            }
        }

        return replicas.Length is > 0 and <= ControlLimits.MaxReplicationFactor;
    }

    private static void Demand(bool holds, string broken)
    {
        if (!holds)
        {
            throw new InvalidDataException($"the control plane's state is broken: {broken}");
        }
    }
}
