using Cluster.Engine.Hosting;
using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Redirection;

/// <summary>
/// A node started with <c>--redirect</c> serves the slots that it leads and sends clients elsewhere for the others, as a Redis Cluster node does. MOVED: another
/// node leads. ASK: this one still leads and is handing over, so this write alone is to go to the successor. Where no leader is known the node waits for one on the
/// client's behalf, and the client hears CLUSTERDOWN when none comes. EXEC is never sent elsewhere: what it carries out was queued here.
/// </summary>
internal sealed class Redirects(IClusterMap map)
{
    /// <summary>Judges one command before it runs, and sets what its reads may see.</summary>
    /// <param name="asking">The client comes on another node's ASK.</param>
    /// <returns>The error that sends the client elsewhere; null when it is to be served here.</returns>
    public string? Judge(RespSession session, CommandSpec spec, in RespArguments arguments, bool asking)
    {
        if (spec.Name == "sunsubscribe")
        {
            return null; // The subscription is here, whoever leads its slot by now.
        }

        var slot = CommandKeys.SlotOf(spec, arguments);
        if (slot == CommandKeys.Several)
        {
            return ErrorReplies.CrossSlot;
        }

        if (slot < 0)
        {
            return null;
        }

        var route = map.RouteOf(slot);
        var reads = (spec.Flags & CommandFlags.ReadOnly) != 0;
        if (route.Kind == SlotRouteKind.Here)
        {
            return null;
        }

        if (route.Kind == SlotRouteKind.HandingOver)
        {
            return reads || asking || (spec.Flags & CommandFlags.PubSub) != 0 || route.Address is null ? null : $"ASK {slot} {route.Address}";
        }

        if (session.IsReadOnly && reads && route.HoldsReplica && session.Transaction is null)
        {
            session.CallConsistency = ReadConsistency.Stale;
            return null;
        }

        // Who comes on an ASK comes to a node that may not lead yet: its own way to the leader waits for that, as it does where no leader is known.
        return asking || route.Kind == SlotRouteKind.Unknown ? null : $"MOVED {slot} {route.Address}";
    }

    /// <summary>Whether commands over all keys are of this shard here.</summary>
    public bool Owns(int shardIndex) => map.Leads(shardIndex);
}
