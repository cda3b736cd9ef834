using System.Collections.Immutable;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

internal static partial class ControlDecider
{
    private static ControlDecision ChangeStatus(ControlView view, ChangeStatus change)
    {
        var node = new NodeId(change.Node);
        if (view.FindMember(node) is not { } member)
        {
            return change.Status == MemberStatus.Removed && view.FindRemoved(node) is not null ? ControlDecision.Unchanged : UnknownNode(view, node);
        }

        if (member.Status == change.Status)
        {
            return ControlDecision.Unchanged;
        }

        if (!MemberTransitions.IsLegal(member.Status, change.Status))
        {
            return ControlDecision.Refused(
                ControlRefusal.IllegalTransition, $"{member.Name} is {Word(member.Status)} and cannot become {Word(change.Status)}: {WhatNext(member)}");
        }

        var refused = change.Status switch
        {
            MemberStatus.Leaving or MemberStatus.Down or MemberStatus.Removed when IsLastUp(view, member) => ControlDecision.Refused(
                ControlRefusal.LastMember, $"{member.Name} is the only member that is up, so nobody could take its shards; 'lab down' ends the whole cluster"),
            MemberStatus.Leaving when WhyNobodyWouldTake(view, member, change.Unreachable) is { } why => ControlDecision.Refused(ControlRefusal.MajorityLost, why),
            MemberStatus.Exiting when view.ReplicaCount(node) is > 0 and var count => ControlDecision.Refused(
                ControlRefusal.StillHoldsReplicas, $"{member.Name} still holds replicas of {count} shards; it may exit when others hold them"),
            MemberStatus.Removed => WhatWouldLoseItsMajority(view, node, change),
            _ => (ControlDecision?)null,
        };
        return refused ?? ControlDecision.Decided(new ControlEvent { StatusChanged = new StatusChanged { Node = change.Node, Status = change.Status } });
    }

    /// <summary>
    /// Without the leaver, a shard has its replicas on all who stay, up to the replication factor. Where too few of those can be reached for a majority, the leave
    /// would stop half-way until they are back.
    /// </summary>
    private static string? WhyNobodyWouldTake(ControlView view, ControlMember leaver, IReadOnlyCollection<uint> unreachable)
    {
        var staying = view.Members.Where(member => member.IsUp && member.Node != leaver.Node).ToArray();
        var silent = staying.Where(member => unreachable.Contains(member.Node.Value)).ToArray();
        var needed = (Math.Min(view.Settings.ReplicationFactor, staying.Length) / 2) + 1;
        return silent.Length == 0 || staying.Length - silent.Length >= needed
            ? null
            : $"{leaver.Name} cannot leave now: of the {staying.Length} members that would stay, {string.Join(", ", silent.Select(member => member.Name.ToString()))} cannot be reached, "
                + $"and a shard needs {needed} of them; bring them back first, or declare them down with 'lab cluster down'";
    }

    private static bool IsLastUp(ControlView view, ControlMember member) => member.IsUp && view.Members.All(other => !other.IsUp || other.Node == member.Node);

    /// <summary>
    /// A removed member never votes again. So of each group that names it, those who remain, can be reached and are not down must be a majority without it;
    /// else the group could never again elect a leader, not even one to replace the lost.
    /// </summary>
    private static ControlDecision? WhatWouldLoseItsMajority(ControlView view, NodeId node, ChangeStatus change)
    {
        foreach (var shard in view.Shards)
        {
            if (LosesMajority(view, node, shard.Replicas, change.Unreachable, out var remaining))
            {
                return MajorityLost(view, node, $"shard {shard.Shard}", remaining, shard.Replicas.Length);
            }
        }

        // The table does not list group 0: its leader says who votes there. The voter that goes leaves the group first, so the rest counts by itself.
        var others = ControlRecords.ReadNodes(change.ControlVoters).Remove(node);
        return others.Length < change.ControlVoters.Count && LosesMajority(view, node, others, change.Unreachable, out var voters, alwaysNamed: true)
            ? MajorityLost(view, node, "the control plane", voters, others.Length)
            : null;
    }

    private static bool LosesMajority(
        ControlView view, NodeId node, ImmutableArray<NodeId> group, IEnumerable<uint> unreachable, out int remaining, bool alwaysNamed = false)
    {
        remaining = group.Count(id => id != node && view.FindMember(id) is { IsAlive: true } && !unreachable.Contains(id.Value));
        return (alwaysNamed || group.Contains(node)) && remaining <= group.Length / 2;
    }

    private static ControlDecision MajorityLost(ControlView view, NodeId node, string group, int remaining, int all) => ControlDecision.Refused(
        ControlRefusal.MajorityLost,
        $"without {view.FindMember(node)!.Name}, {group} would keep {remaining} live replicas of {all} and lose its majority; bring the others back, or wait until its replicas have moved");

    private static string WhatNext(ControlMember member) => member.Status switch
    {
        MemberStatus.Joining => "it may come up, leave, or be marked down",
        MemberStatus.Up => "it must leave first, or be marked down",
        MemberStatus.Leaving => "it is handing over its replicas, and exits then",
        MemberStatus.Exiting => "it is about to be removed",
        _ => "it can only be removed",
    };

    private static string Word(MemberStatus status) => status.ToString().ToLowerInvariant();
}
