using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// Where shards should be: a pure function from members and the present table to the wished one. What it wishes is balanced (no member differs from another
/// by more than one in replicas, nor in preferred leaders) and near the present (a wish of a wish changes nothing).
/// </summary>
/// <remarks>
/// <para>
/// Replicas: those on members that are not up (leaving, exiting, down, removed) are dropped, each shard is filled up to
/// min(replication factor, members up) on the members with the fewest, and then, while two members differ by more than one, one replica moves from the
/// fullest to the emptiest. Each such move is needed by any balanced table, so the balance costs as few as can be: with T = shards x replicas in all, a
/// newcomer as the Mth member takes at most ceil(T / M), and one that goes moves only what it held, and where shards were too many to one side, what then
/// balances.
/// </para>
/// <para>
/// Leaders: a shard keeps its preferred leader if it still holds a replica. Then, while two members lead numbers that differ by more than one, leadership
/// is handed along a shortest chain of shards from one that leads too many to one that leads too few. Such a chain exists whenever replicas are balanced:
/// giving each replica an equal share of its shard's leadership is a fractional assignment in which all members lie between two neighbouring whole
/// numbers, and a flow with whole bounds has a whole solution.
/// </para>
/// <para>
/// Members that are up but cannot be reached are given nothing new, and nothing is taken from them for their silence: a short one moves no data. Until they
/// are back or marked down, balance is best effort. One that has been silent for long (absent) gives its replicas up to reachable members that have none of the
/// shard, as far as there are such members and the shard has a majority without it; it keeps the others, and may come back. Nothing here depends on who leads or holds a shard at this moment: that is for <see cref="NextMove"/>.
/// </para>
/// </remarks>
internal static partial class PlacementCore
{
    /// <summary>
    /// The wished table. Without a present one, slots are cut into contiguous ranges that differ by at most one slot.
    /// </summary>
    /// <param name="isReachable">Whether the planner's node can reach a member; asked for members that are up only.</param>
    /// <returns>One plan for each shard, in order; empty while no member is up.</returns>
    /// <param name="isAbsent">Whether a member that is up has been silent for so long that others shall take its replicas; nobody when not given.</param>
    public static ImmutableArray<ShardPlan> Wish(ControlView view, Func<NodeId, bool> isReachable, Func<NodeId, bool>? isAbsent = null)
    {
        var nodes = view.Members.Where(member => member.IsUp).Select(member => member.Node).ToArray();
        if (nodes.Length == 0)
        {
            return [];
        }

        var plans = view.HasShardTable
            ? view.Shards.Select(shard => new ShardPlan(shard.Shard, shard.FirstSlot, shard.LastSlot, shard.Replicas)).ToArray()
            : EmptyTable(view.Settings.ShardCount);
        var board = new PlacementBoard(nodes, Array.ConvertAll(nodes, node => isReachable(node)), Array.ConvertAll(nodes, node => isAbsent?.Invoke(node) == true), plans);
        SpreadReplicas(board, Math.Min(view.Settings.ReplicationFactor, nodes.Length));
        SpreadLeaders(board);
        return board.ToPlans(plans);
    }

    /// <summary>
    /// Whether the table should be created now: when as many members are up as the replication factor or the seed list asks for, so that it starts in its
    /// final shape; or when the others have not come for long enough that those who are here should serve without them.
    /// </summary>
    /// <param name="seeds">How many seeds this node's seed list names.</param>
    /// <param name="waited">Since when this leader has led a cluster without a table.</param>
    /// <param name="patience">How long to wait for the others.</param>
    public static bool ShouldCreateTable(ControlView view, int seeds, TimeSpan waited, TimeSpan patience)
    {
        var up = view.Members.Count(member => member.IsUp);
        return view.IsFormed && !view.HasShardTable && up > 0 && (up >= Math.Max(seeds, 1) || waited >= patience);
    }

    private static ShardPlan[] EmptyTable(int shards)
    {
        var plans = new ShardPlan[shards];
        for (var i = 0; i < shards; i++)
        {
            var first = (int)((long)i * ControlLimits.Slots / shards);
            var last = (int)((i + 1L) * ControlLimits.Slots / shards) - 1;
            plans[i] = new ShardPlan(new ShardId((uint)i + 1), first, last, []);
        }

        return plans;
    }
}
