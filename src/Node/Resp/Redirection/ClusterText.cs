using System.Globalization;
using System.Text;
using Cluster.Engine.Hosting;

namespace Cluster.Node.Resp.Redirection;

/// <summary>
/// The cluster in the lines of CLUSTER NODES and CLUSTER INFO. A node that leads shards is a master of their slots. Leadership is by shard, so most nodes both lead
/// and follow: all are masters here, one that leads nothing is a master without slots, and who holds copies of what stands in CLUSTER SLOTS and SHARDS.
/// </summary>
internal static class ClusterText
{
    /// <summary>A line for each node. Times of ping and pong are not kept: who is suspected is in the flags.</summary>
    public static string Nodes(SlotMapView map)
    {
        var text = new StringBuilder();
        for (var i = 0; i < map.Nodes.Count; i++)
        {
            text.Append(Node(map, i, "master", "-")).Append(RangesOf(map, i)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The nodes that hold copies of what one node leads, as its replicas.</summary>
    public static IEnumerable<string> Replicas(SlotMapView map, int master) => map.Ranges
        .Where(range => range.Leader == master)
        .SelectMany(range => range.Replicas)
        .Distinct()
        .Order()
        .Select(replica => Node(map, replica, "slave", map.Nodes[master].Id));

    public static string Info(SlotMapView map)
    {
        var (served, assigned) = (0, 0);
        foreach (var range in map.Ranges)
        {
            var slots = range.LastSlot - range.FirstSlot + 1;
            assigned += slots;
            served += range.Leader is { } leader && map.Nodes[leader].IsReachable ? slots : 0;
        }

        var text = new StringBuilder();
        Line(text, "cluster_state", assigned > 0 && served == assigned ? "ok" : "fail");
        Line(text, "cluster_slots_assigned", assigned);
        Line(text, "cluster_slots_ok", served);
        Line(text, "cluster_slots_pfail", assigned - served);
        Line(text, "cluster_slots_fail", 0);
        Line(text, "cluster_known_nodes", map.Nodes.Count);
        Line(text, "cluster_size", map.Ranges.Where(range => range.Leader is not null).Select(range => range.Leader).Distinct().Count());
        Line(text, "cluster_current_epoch", (long)map.Epoch);
        Line(text, "cluster_my_epoch", (long)(map.Nodes.FirstOrDefault(node => node.IsSelf)?.JoinEpoch ?? 0));
        return text.ToString();
    }

    private static string Node(SlotMapView map, int at, string role, string master)
    {
        var node = map.Nodes[at];
        var health = !node.IsAlive ? ",fail" : node.IsReachable ? "" : ",fail?";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{node.Id} {node.Resp}@{node.Remoting.Port} {(node.IsSelf ? "myself," : "")}{role}{health} {master} 0 0 {node.JoinEpoch} {(node.IsReachable ? "connected" : "disconnected")}");
    }

    /// <summary>What a node leads, neighbours joined.</summary>
    private static string RangesOf(SlotMapView map, int node)
    {
        var text = new StringBuilder();
        var led = map.Ranges.Where(range => range.Leader == node).ToArray();
        for (var i = 0; i < led.Length; i++)
        {
            var first = led[i].FirstSlot;
            while (i + 1 < led.Length && led[i + 1].FirstSlot == led[i].LastSlot + 1)
            {
                i++;
            }

            text.Append(CultureInfo.InvariantCulture, $" {first}").Append(first == led[i].LastSlot ? "" : string.Create(CultureInfo.InvariantCulture, $"-{led[i].LastSlot}"));
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(':').Append(value).Append("\r\n");

    private static void Line(StringBuilder text, string name, long value) => Line(text, name, value.ToString(CultureInfo.InvariantCulture));
}
