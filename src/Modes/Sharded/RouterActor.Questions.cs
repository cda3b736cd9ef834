using Cluster.Modes.Hosting;
using Cluster.Modes.Sharded.Balancing;
using Cluster.Modes.Sharded.Map;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Sharded;

/// <summary>What is asked about shards rather than of keys: where a key lives, the table of shards with their load, and orders to split and to move.</summary>
internal sealed partial class RouterActor
{
    /// <summary>Of those requests, the ones that have been sent on.</summary>
    private readonly HashSet<long> served = [];

    private readonly Dictionary<long, OpenScan> scans = [];

    /// <summary>The map of the table is known.</summary>
    private void Serve(long id, ModeRequest request)
    {
        var map = MapOf(request.Text(ShardedOperations.By));
        served.Add(id);
        switch (request.Operation)
        {
            case StorageOperations.Where:
                Close(id, ModeAnswer.Ok(Where(map, request.Text(StorageOperations.Key)), StorageJson.Default.KeyWhereabouts));
                break;
            case StorageOperations.Scan:
                scans.Add(id, new OpenScan(map.Table, request.Find(StorageOperations.Prefix) ?? "", request.Find(StorageOperations.After) ?? "", (int)request.Number(StorageOperations.Limit)));
                scans[id].Begin(map);
                GoOn(id);
                break;
            case ShardedOperations.Shards:
                balancer.Tell(new AskLoads(id), Self);
                break;
            default:
                Order(id, map, request);
                break;
        }
    }

    private void GoOn(long id)
    {
        var scan = scans[id];
        if (scan.Next(id) is (var owner, var page))
        {
            Tell(owner, page);
        }
        else
        {
            Close(id, ModeAnswer.Ok(scan.Answer, StorageJson.Default.StoredKeys));
        }
    }

    private void TakePage(ShardPage page)
    {
        if (scans.TryGetValue(page.Number, out var scan))
        {
            scan.Take(page);
            GoOn(page.Number);
        }
    }

    /// <summary>A scan goes by one map from its beginning to its end.</summary>
    private void BeginScans(ShardMap map)
    {
        foreach (var (id, scan) in scans.Where(one => one.Value.Table == map.Table).ToList())
        {
            scan.Begin(map);
            GoOn(id);
        }
    }

    private static KeyWhereabouts Where(ShardMap map, string key)
    {
        var place = Partitioning.PlaceOf(map.Table, key);
        var row = map.Find(place)!;
        var kind = map.Table switch { Partitioning.Hash => $"hash slot {Convert.ToInt32(place, 16)}", Partitioning.List => $"group {place}", _ => "by its own order" };
        List<ReplicaWhereabouts> replicas = [new(row.Owner, null, "the only one")];
        if (row.MovingTo is { } to)
        {
            replicas.Add(new ReplicaWhereabouts(to, null, "being copied to"));
        }

        return new KeyWhereabouts(key, row.Owner, replicas) { Place = $"{kind}, shard {row.Shard} of {map.Table}, {row.Words}, epoch {row.Epoch} of {map.Epoch}" };
    }

    private ModeAnswer Table(LoadsTold told)
    {
        if (open.Find(told.Number) is not { } request)
        {
            return ModeAnswer.NotFound("nobody asks any more");
        }

        var map = MapOf(request.Text(ShardedOperations.By));
        var loads = told.Reports.SelectMany(report => report.Shards).Where(load => load.Table == map.Table).GroupBy(load => load.Shard).ToDictionary(group => group.Key, group => group.MaxBy(load => load.Epoch)!);
        var total = loads.Values.Sum(load => load.CallsPerSecond);
        var nodes = Math.Max(1, node.Members.Current.Count(member => member is { IsUp: true, IsReachable: true }));
        var lines = map.Rows.Select(row => loads.GetValueOrDefault(row.Shard) is { } load
            ? new ShardLine(row.Shard, row.Words, row.Owner, row.Epoch, row.MovingTo, load.CallsPerSecond, load.Keys, load.HottestShare, BalancerCore.IsHot(load, total, nodes))
            : new ShardLine(row.Shard, row.Words, row.Owner, row.Epoch, row.MovingTo, null, null, null, false));
        return ModeAnswer.Ok(new ShardListing(map.Table, map.Epoch, [.. lines]), ShardedJson.Default.ShardListing);
    }

    private void Order(long id, ShardMap map, ModeRequest request)
    {
        var shard = (int)request.Number(ShardedOperations.Shard);
        if (map.Find(shard) is not { } row)
        {
            Close(id, ModeAnswer.NotFound($"there is no shard {shard} of {map.Table}: '{ShardedOperations.Shards}' lists them"));
            return;
        }

        Tell(row.Owner, request.Operation == ShardedOperations.Split ? new SplitOrder(id, map.Table, shard, request.Find(ShardedOperations.At)) : new MoveOrder(id, map.Table, shard, request.Text(ShardedOperations.To)));
    }

    private void Answer(OrderTaken taken)
    {
        if (open.Find(taken.Number) is { } request)
        {
            var (table, shard) = (request.Text(ShardedOperations.By), (int)request.Number(ShardedOperations.Shard));
            Close(taken.Number, taken.WhyNot is { } why ? ModeAnswer.Conflict(why) : ModeAnswer.Ok(new OrderBegun(table, shard, MapOf(table).Find(shard)?.Owner ?? ""), ShardedJson.Default.OrderBegun));
        }
    }
}
