using System.Security.Cryptography;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Membership;
using Cluster.Engine.Sharding.Client;

namespace Cluster.Engine.Hosting;

/// <summary>
/// Which node serves which hash slots, as this node sees it at this moment: what a door tells clients that go to the right node by themselves. Leaders are
/// beliefs, so two nodes may differ for a moment; a client that comes to the wrong one is told again.
/// </summary>
public sealed class SlotMap
{
    private readonly NodeFoundation foundation;
    private readonly ControlViews views;
    private readonly ReplicaDirectory directory;
    private readonly ReachabilityBoard reachability;
    private readonly LeaderDirectory leaders;

    internal SlotMap(NodeFoundation foundation, ControlViews views, ReplicaDirectory directory, ReachabilityBoard reachability, LeaderDirectory leaders) =>
        (this.foundation, this.views, this.directory, this.reachability, this.leaders) = (foundation, views, directory, reachability, leaders);

    /// <summary>Where a request on a slot is to go. Cheap: asked for every command.</summary>
    public SlotRoute RouteOf(int slot)
    {
        var view = views.Current;
        var shard = view.ShardOfSlot(slot);
        if (shard.IsControl)
        {
            return default;
        }

        var leader = leaders.Leader(shard);
        if (leader == foundation.Local.Node && !leader.IsNone)
        {
            var successor = leaders.Successor(shard);
            return successor.IsNone ? new SlotRoute(SlotRouteKind.Here, null, true) : new SlotRoute(SlotRouteKind.HandingOver, view.FindMember(successor)?.RespAddress, true);
        }

        // A leader whose link has just broken may be dead: its followers elect another one before silence could tell. Nobody is sent there meanwhile.
        var member = !leader.IsNone && reachability.IsReachable(leader) ? view.FindMember(leader) : null;
        var known = member is null || reachability.IsUnlinked(member.Address) ? null : member.RespAddress;
        return new SlotRoute(known is null ? SlotRouteKind.Unknown : SlotRouteKind.Elsewhere, known, directory.HoldsReplica(shard));
    }

    /// <summary>Whether this node leads the shard at a place of the table.</summary>
    public bool Leads(int shardIndex)
    {
        var shards = views.Current.Shards;
        return (uint)shardIndex < (uint)shards.Length && leaders.Leader(shards[shardIndex].Shard) == foundation.Local.Node;
    }

    /// <summary>All nodes and ranges.</summary>
    public SlotMapView Describe()
    {
        var view = views.Current;
        var nodes = view.Members.Where(member => member.RespAddress is not null).Select(Describe).ToArray();
        var at = nodes.Select((node, index) => (node.Number, index)).ToDictionary(pair => pair.Number, pair => pair.index);
        var ranges = view.Shards.Select(shard => Describe(shard, at)).ToArray();
        var links = foundation.Transport.Links.Where(link => link.Up && link.Peer is not null).Select(link => new SlotMapLink(IdOf(link.Peer!.Uid), link.PendingBytes)).ToArray();
        return new SlotMapView(view.Epoch, IdOf(foundation.Data.Identity.Uid), nodes, ranges, links);
    }

    private SlotMapNode Describe(ControlMember member) => new(
        member.Node.Value,
        IdOf(member.Uid),
        member.RespAddress!.Value,
        member.Address,
        member.Node == foundation.Local.Node,
        member.IsAlive,
        member.Node == foundation.Local.Node || reachability.IsReachable(member.Node),
        member.JoinEpoch);

    private SlotMapRange Describe(ControlShard shard, Dictionary<uint, int> at)
    {
        var leader = leaders.Leader(shard.Shard);
        int? leading = !leader.IsNone && at.TryGetValue(leader.Value, out var place) ? place : null;
        var others = shard.Replicas.Where(replica => replica != leader && at.ContainsKey(replica.Value)).Select(replica => at[replica.Value]).Order().ToArray();
        return new SlotMapRange(shard.FirstSlot, shard.LastSlot, leading, others);
    }

    /// <summary>A node's name among Redis clients: 40 hex digits that stay the same as long as its data directory does.</summary>
    private static string IdOf(Guid uid) => Convert.ToHexStringLower(SHA256.HashData(uid.ToByteArray()).AsSpan(0, 20));
}
