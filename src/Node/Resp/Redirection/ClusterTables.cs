using Cluster.Engine.Hosting;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Redirection;

/// <summary>The cluster as CLUSTER SLOTS, SHARDS and LINKS tell it.</summary>
internal static class ClusterTables
{
    /// <summary>A row for each range: its ends, who leads it, who has a copy. A range without a leader is left out, as Redis does.</summary>
    public static RespValue Slots(SlotMapView map)
    {
        var rows = new List<RespValue>();
        foreach (var range in map.Ranges)
        {
            if (range.Leader is { } leader)
            {
                List<RespValue> row = [RespValue.Integer(range.FirstSlot), RespValue.Integer(range.LastSlot), Endpoint(map.Nodes[leader])];
                row.AddRange(range.Replicas.Select(replica => Endpoint(map.Nodes[replica])));
                rows.Add(RespValue.Array(row));
            }
        }

        return RespValue.Array(rows);
    }

    /// <summary>Ranges with the same leader and the same copies are one shard in Redis's sense, which has one master.</summary>
    public static RespValue Shards(SlotMapView map) => RespValue.Array(
    [
        .. map.Ranges
            .GroupBy(range => (range.Leader, string.Join(',', range.Replicas)))
            .Select(group => RespValue.Map(
                RespValue.Bulk("slots"),
                RespValue.Array([.. group.SelectMany(range => new[] { RespValue.Integer(range.FirstSlot), RespValue.Integer(range.LastSlot) })]),
                RespValue.Bulk("nodes"),
                RespValue.Array([.. NodesOf(map, group.First())]))),
    ]);

    public static RespValue Links(SlotMapView map) => RespValue.Array([.. map.Links.Select(link => RespValue.Map(
        RespValue.Bulk("direction"), RespValue.Bulk("to"),
        RespValue.Bulk("node"), RespValue.Bulk(link.NodeId),
        RespValue.Bulk("create-time"), RespValue.Integer(0),
        RespValue.Bulk("events"), RespValue.Bulk("rw"),
        RespValue.Bulk("send-buffer-allocated"), RespValue.Integer(link.PendingBytes),
        RespValue.Bulk("send-buffer-used"), RespValue.Integer(link.PendingBytes)))]);

    /// <summary>One node that serves all slots, and the others that do the same: what a node is that redirects nobody.</summary>
    public static SlotMapView AsOneServer(SlotMapView map)
    {
        var self = map.Nodes.ToList().FindIndex(node => node.IsSelf);
        var others = Enumerable.Range(0, map.Nodes.Count).Where(node => node != self && map.Nodes[node] is { IsAlive: true, IsReachable: true }).ToArray();
        return map with { Ranges = self < 0 || map.Ranges.Count == 0 ? [] : [new SlotMapRange(0, map.Ranges[^1].LastSlot, self, others)] };
    }

    private static IEnumerable<RespValue> NodesOf(SlotMapView map, SlotMapRange range)
    {
        if (range.Leader is { } leader)
        {
            yield return Member(map.Nodes[leader], "master");
        }

        foreach (var replica in range.Replicas)
        {
            yield return Member(map.Nodes[replica], "replica");
        }
    }

    private static RespValue Member(SlotMapNode node, string role) => RespValue.Map(
        RespValue.Bulk("id"), RespValue.Bulk(node.Id),
        RespValue.Bulk("port"), RespValue.Integer(node.Resp.Port),
        RespValue.Bulk("ip"), RespValue.Bulk(node.Resp.Host),
        RespValue.Bulk("endpoint"), RespValue.Bulk(node.Resp.Host),
        RespValue.Bulk("role"), RespValue.Bulk(role),
        RespValue.Bulk("replication-offset"), RespValue.Integer(0),
        RespValue.Bulk("health"), RespValue.Bulk(node is { IsAlive: true, IsReachable: true } ? "online" : "failed"));

    private static RespValue Endpoint(SlotMapNode node) =>
        RespValue.Array(RespValue.Bulk(node.Resp.Host), RespValue.Integer(node.Resp.Port), RespValue.Bulk(node.Id), RespValue.EmptyArray);
}
