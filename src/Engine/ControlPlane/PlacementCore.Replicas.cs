namespace Cluster.Engine.ControlPlane;

internal static partial class PlacementCore
{
    private static void SpreadReplicas(PlacementBoard board, int factor)
    {
        for (var shard = 0; shard < board.Shards; shard++)
        {
            while (board.ReplicasOf(shard).Count > factor)
            {
                board.Drop(shard, Surplus(board, shard));
            }
        }

        for (var shard = 0; shard < board.Shards; shard++)
        {
            while (board.ReplicasOf(shard).Count < factor && TakerFor(board, shard) is >= 0 and var taker)
            {
                board.Add(shard, taker);
            }
        }

        for (var shard = 0; shard < board.Shards; shard++)
        {
            ReplaceAbsent(board, shard);
        }

        while (Heaviest(board) is var from && Lightest(board) is >= 0 and var to && board.Load[from] - board.Load[to] > 1)
        {
            var shard = ShardToMove(board, from, to);
            board.Drop(shard, from);
            board.Add(shard, to);
        }
    }

    /// <summary>
    /// Gives an absent member's replica to another. Not where those who can be reached are no majority of the shard: its group could change nothing, and whoever
    /// comes back first should find things as they were.
    /// </summary>
    private static void ReplaceAbsent(PlacementBoard board, int shard)
    {
        var replicas = board.ReplicasOf(shard);
        if (replicas.Count(node => board.Reachable[node]) <= replicas.Count / 2)
        {
            return;
        }

        while (replicas.FirstOrDefault(node => board.Absent[node], -1) is >= 0 and var absent && TakerFor(board, shard) is >= 0 and var taker)
        {
            board.Drop(shard, absent);
            board.Add(shard, taker);
        }
    }

    /// <summary>Whose replica a shard with too many gives up: the fullest member's, rather a follower's than the leader's.</summary>
    private static int Surplus(PlacementBoard board, int shard)
    {
        var best = -1;
        foreach (var node in board.ReplicasOf(shard))
        {
            if (best < 0 || (board.Load[node], node != board.Leader[shard]).CompareTo((board.Load[best], best != board.Leader[shard])) > 0)
            {
                best = node;
            }
        }

        return best;
    }

    /// <summary>
    /// Who takes a missing replica: the emptiest reachable member that has none of this shard. A shard that would have no replica at all takes even an
    /// unreachable one, since a row of the table cannot be empty. -1 when nobody can.
    /// </summary>
    private static int TakerFor(PlacementBoard board, int shard)
    {
        var best = -1;
        foreach (var onlyReachable in new[] { true, false })
        {
            for (var node = 0; node < board.Nodes; node++)
            {
                if ((board.Reachable[node] || !onlyReachable) && !board.ReplicasOf(shard).Contains(node) && (best < 0 || board.Load[node] < board.Load[best]))
                {
                    best = node;
                }
            }

            if (best >= 0 || board.ReplicasOf(shard).Count > 0)
            {
                return best;
            }
        }

        return best;
    }

    private static int Heaviest(PlacementBoard board)
    {
        var best = 0;
        for (var node = 1; node < board.Nodes; node++)
        {
            best = board.Load[node] > board.Load[best] ? node : best;
        }

        return best;
    }

    private static int Lightest(PlacementBoard board)
    {
        var best = -1;
        for (var node = 0; node < board.Nodes; node++)
        {
            best = board.Reachable[node] && (best < 0 || board.Load[node] < board.Load[best]) ? node : best;
        }

        return best;
    }

    /// <summary>
    /// A shard that <paramref name="from"/> holds and <paramref name="to"/> does not; there is one, since the first holds more. Rather one whose replica
    /// was only just added, then one that it does not lead.
    /// </summary>
    private static int ShardToMove(PlacementBoard board, int from, int to)
    {
        var (best, bestRank) = (-1, -1);
        for (var shard = 0; shard < board.Shards; shard++)
        {
            if (!board.ReplicasOf(shard).Contains(from) || board.ReplicasOf(shard).Contains(to))
            {
                continue;
            }

            var rank = board.IsNew(shard, from) ? 2 : board.Leader[shard] == from ? 0 : 1;
            (best, bestRank) = rank > bestRank ? (shard, rank) : (best, bestRank);
        }

        return best;
    }
}
