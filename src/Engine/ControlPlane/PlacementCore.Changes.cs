using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

internal static partial class PlacementCore
{
    /// <summary>
    /// The next row of the table to change on the way to the wish; null when there is none, or all that are left have to wait. A shard's row changes only when
    /// its group has reached the present one, or cannot while somebody in it is lost or on his way out, so that a group has one move at a time; and a node is given no more than
    /// <paramref name="maxArriving"/> at once.
    /// </summary>
    /// <param name="canTake">Whether a node is up and heard, so that what is on its way there can arrive.</param>
    public static SetReplicas? NextChange(
        ControlView view, ImmutableArray<ShardPlan> wish, IReadOnlyDictionary<ShardId, GroupReport> reports, Func<NodeId, bool> canTake, int maxArriving)
    {
        var arriving = Arriving(view, reports);
        foreach (var plan in wish)
        {
            var shard = view.FindShard(plan.Shard)!;
            if (!shard.Replicas.AsSpan().SequenceEqual(plan.Replicas.AsSpan()) && MayChange(shard, plan, reports, canTake, arriving, maxArriving))
            {
                var change = new SetReplicas { Shard = plan.Shard.Value, ExpectedEpoch = shard.Epoch };
                change.Replicas.AddRange(plan.Replicas.Select(node => node.Value));
                return change;
            }
        }

        return null;
    }

    private static bool MayChange(
        ControlShard shard, ShardPlan plan, IReadOnlyDictionary<ShardId, GroupReport> reports, Func<NodeId, bool> canTake, Dictionary<NodeId, int> arriving, int maxArriving)
    {
        if (plan.Replicas.Length == shard.Replicas.Length && plan.Replicas.All(shard.Replicas.Contains))
        {
            return true; // Only the preferred leader changes: nothing moves.
        }

        if (!reports.TryGetValue(shard.Shard, out var report))
        {
            return false; // Nobody leads it, so nobody could move anything.
        }

        if (report.Epoch < shard.Epoch || (!report.IsAt(shard.Replicas) && shard.Replicas.All(canTake)))
        {
            return false; // It is on its way to the present row, or has not heard of it.
        }

        return plan.Replicas.Where(node => !shard.Replicas.Contains(node)).All(node => arriving.GetValueOrDefault(node) < maxArriving);
    }

    /// <summary>For each node, how many shards name it whose groups have not let it vote yet.</summary>
    private static Dictionary<NodeId, int> Arriving(ControlView view, IReadOnlyDictionary<ShardId, GroupReport> reports)
    {
        var arriving = new Dictionary<NodeId, int>();
        foreach (var shard in view.Shards)
        {
            foreach (var node in shard.Replicas)
            {
                if (!reports.TryGetValue(shard.Shard, out var report) || !report.Led.Voters.Contains(node.Value))
                {
                    arriving[node] = arriving.GetValueOrDefault(node) + 1;
                }
            }
        }

        return arriving;
    }
}
