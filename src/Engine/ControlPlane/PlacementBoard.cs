using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// The working table of one placement: shards by row, up members by column, with running counts. Only replicas on members that are up stand on it.
/// </summary>
internal sealed class PlacementBoard
{
    private readonly NodeId[] nodes;
    private readonly List<int>[] replicas;
    private readonly HashSet<int>[] added;

    /// <param name="nodes">Members that are up, ascending.</param>
    /// <param name="reachable">Whether each of them can be given something.</param>
    /// <param name="absent">Whether each has been silent for so long that its replicas are to be built elsewhere.</param>
    public PlacementBoard(NodeId[] nodes, bool[] reachable, bool[] absent, ShardPlan[] plans)
    {
        this.nodes = nodes;
        (Reachable, Absent) = (reachable, absent);
        Load = new int[nodes.Length];
        Leads = new int[nodes.Length];
        replicas = new List<int>[plans.Length];
        added = new HashSet<int>[plans.Length];
        Leader = new int[plans.Length];
        for (var shard = 0; shard < plans.Length; shard++)
        {
            replicas[shard] = [];
            added[shard] = [];
            foreach (var node in plans[shard].Replicas)
            {
                if (Array.BinarySearch(nodes, node) is >= 0 and var column)
                {
                    replicas[shard].Add(column);
                    Load[column]++;
                }
            }

            // A leader is kept only where it was one: the next in line after a lost leader has no claim that balance should respect.
            Leader[shard] = plans[shard].Replicas is [var first, ..] ? Array.BinarySearch(nodes, first) : -1;
        }
    }

    public int Shards => replicas.Length;

    public int Nodes => nodes.Length;

    public bool[] Reachable { get; }

    public bool[] Absent { get; }

    /// <summary>Replicas by member.</summary>
    public int[] Load { get; }

    /// <summary>Preferred leaderships by member.</summary>
    public int[] Leads { get; }

    /// <summary>The preferred leader's column by shard; negative where there is none yet.</summary>
    public int[] Leader { get; }

    public IReadOnlyList<int> ReplicasOf(int shard) => replicas[shard];

    /// <summary>Whether the replica is one that this placement has added, so that moving it once more costs nothing.</summary>
    public bool IsNew(int shard, int node) => added[shard].Contains(node);

    public void Add(int shard, int node)
    {
        replicas[shard].Add(node);
        added[shard].Add(node);
        Load[node]++;
    }

    public void Drop(int shard, int node)
    {
        replicas[shard].Remove(node);
        added[shard].Remove(node);
        Load[node]--;
        if (Leader[shard] == node)
        {
            Leader[shard] = -1;
        }
    }

    /// <summary>The table: the leader in front, the others in the order they had, newcomers last.</summary>
    public ImmutableArray<ShardPlan> ToPlans(ShardPlan[] plans)
    {
        var result = ImmutableArray.CreateBuilder<ShardPlan>(plans.Length);
        for (var shard = 0; shard < plans.Length; shard++)
        {
            var order = ImmutableArray.CreateBuilder<NodeId>(replicas[shard].Count);
            order.Add(nodes[Leader[shard]]);
            foreach (var column in replicas[shard])
            {
                if (column != Leader[shard])
                {
                    order.Add(nodes[column]);
                }
            }

            result.Add(plans[shard] with { Replicas = order.MoveToImmutable() });
        }

        return result.MoveToImmutable();
    }
}
