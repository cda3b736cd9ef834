using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// How every shard's group stands, as the leaders' heartbeats say: who really holds replicas, while the table says who should. Immutable: any thread may ask.
/// It never says that a member is free to go while some group may still count on it.
/// </summary>
internal sealed class GroupReports
{
    public static readonly GroupReports Empty = new(ImmutableSortedDictionary<NodeId, NodeHeartbeat>.Empty);

    private readonly ImmutableSortedDictionary<NodeId, NodeHeartbeat> heard;

    private GroupReports(ImmutableSortedDictionary<NodeId, NodeHeartbeat> heard) => this.heard = heard;

    /// <summary>With a node's newest heartbeat in place of the one before. One that is older by incarnation or number changes nothing.</summary>
    public GroupReports With(NodeHeartbeat heartbeat)
    {
        var node = new NodeId(heartbeat.Node);
        var isOld = heard.TryGetValue(node, out var before)
            && (before.Incarnation > heartbeat.Incarnation || (before.Incarnation == heartbeat.Incarnation && before.Sequence >= heartbeat.Sequence));
        return isOld ? this : new GroupReports(heard.SetItem(node, heartbeat));
    }

    /// <summary>Without the word of nodes that are no members any more, or not heard.</summary>
    public GroupReports Only(Func<NodeId, bool> counts)
    {
        var kept = heard;
        foreach (var node in heard.Keys)
        {
            kept = counts(node) ? kept : kept.Remove(node);
        }

        return ReferenceEquals(kept, heard) ? this : new GroupReports(kept);
    }

    /// <summary>The newest word on each group: of two that both say they lead it, the one in the higher term.</summary>
    public IReadOnlyDictionary<ShardId, GroupReport> Newest()
    {
        var newest = new Dictionary<ShardId, GroupReport>();
        foreach (var (node, heartbeat) in heard)
        {
            foreach (var led in heartbeat.Leads)
            {
                var shard = new ShardId(led.Shard);
                if (!newest.TryGetValue(shard, out var known) || known.Led.Term < led.Term)
                {
                    newest[shard] = new GroupReport(node, heartbeat.Epoch, led);
                }
            }
        }

        return newest;
    }

    /// <summary>Whether somebody says of itself that it leads this group.</summary>
    public bool IsLed(ShardId shard) => heard.Values.Any(heartbeat => heartbeat.Leads.Any(led => led.Shard == shard.Value));

    /// <summary>
    /// How many groups may still count on a member, as voter or learner. A group counts unless its leader has said, knowing of the member's present status and of
    /// the group's present row in the table, that its committed configuration is without the member: nobody puts it back then.
    /// </summary>
    public int GroupsThatMayHold(ControlView view, ControlMember member)
    {
        var newest = Newest();
        var count = 0;
        foreach (var shard in view.Shards)
        {
            var isFree = newest.TryGetValue(shard.Shard, out var report) && report.Epoch >= Math.Max(shard.Epoch, member.StatusEpoch)
                && !report.Led.Pending && !report.Holds(member.Node);
            count += isFree ? 0 : 1;
        }

        return count;
    }
}

/// <summary>A leader's word on its group.</summary>
/// <param name="Epoch">The newest decision of the control plane that it had applied.</param>
internal readonly record struct GroupReport(NodeId Leader, ulong Epoch, LedShard Led)
{
    public bool Holds(NodeId node) => Led.Voters.Contains(node.Value) || Led.Learners.Contains(node.Value);

    /// <summary>Whether the group's committed voters are just those of a row of the table, and nobody is on his way.</summary>
    public bool IsAt(ImmutableArray<NodeId> replicas)
    {
        if (Led.Pending || Led.Learners.Count > 0 || Led.Voters.Count != replicas.Length)
        {
            return false;
        }

        foreach (var replica in replicas)
        {
            if (!Led.Voters.Contains(replica.Value))
            {
                return false;
            }
        }

        return true;
    }
}
