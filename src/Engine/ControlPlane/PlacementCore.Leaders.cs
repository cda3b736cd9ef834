namespace Cluster.Engine.ControlPlane;

internal static partial class PlacementCore
{
    private static void SpreadLeaders(PlacementBoard board)
    {
        foreach (var leader in board.Leader)
        {
            if (leader >= 0)
            {
                board.Leads[leader]++;
            }
        }

        for (var shard = 0; shard < board.Shards; shard++)
        {
            if (board.Leader[shard] < 0)
            {
                var leader = board.ReplicasOf(shard).MinBy(node => board.Leads[node]);
                board.Leader[shard] = leader;
                board.Leads[leader]++;
            }
        }

        while (HandOver(board))
        {
        }
    }

    /// <summary>
    /// Lowers the number of one member that leads too many by a shortest chain of hand-overs to one that leads at least two fewer; false when there is none.
    /// </summary>
    private static bool HandOver(PlacementBoard board)
    {
        var fewest = board.Leads.Min();
        foreach (var from in Enumerable.Range(0, board.Nodes).Where(node => board.Leads[node] - fewest > 1).OrderByDescending(node => board.Leads[node]).ThenBy(node => node))
        {
            // viaShard[n]: the shard whose leadership would pass to n, along the chain found by breadth-first search.
            var viaShard = new int[board.Nodes];
            Array.Fill(viaShard, -1);
            var queue = new Queue<int>([from]);
            while (queue.TryDequeue(out var node))
            {
                if (board.Leads[from] - board.Leads[node] > 1)
                {
                    Pass(board, viaShard, from, node);
                    return true;
                }

                for (var shard = 0; shard < board.Shards; shard++)
                {
                    if (board.Leader[shard] != node)
                    {
                        continue;
                    }

                    foreach (var next in board.ReplicasOf(shard))
                    {
                        if (next != from && viaShard[next] < 0)
                        {
                            viaShard[next] = shard;
                            queue.Enqueue(next);
                        }
                    }
                }
            }
        }

        return false;
    }

    private static void Pass(PlacementBoard board, int[] viaShard, int from, int to)
    {
        board.Leads[from]--;
        board.Leads[to]++;
        while (to != from)
        {
            var shard = viaShard[to];
            (board.Leader[shard], to) = (to, board.Leader[shard]);
        }
    }
}
