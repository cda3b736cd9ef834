using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

internal static partial class PlacementCore
{
    /// <summary>
    /// The next single step from how a group stands to how it is wished, for its leader to take; asked again after each. Level-triggered: it needs no memory
    /// of earlier steps or wishes, so a new leader, or a wish that changes half-way, goes on from wherever the group is.
    /// </summary>
    /// <remarks>
    /// The order keeps the group available. Newcomers come as learners and are promoted one at a time when they have caught up; only when every wished
    /// voter votes does another go, except that one who cannot be reached goes before a promotion, which would else raise the majority over his absence. No step
    /// is taken after which those who can be reached are no majority. A leader that is to go hands over before anything else, to whoever stays and has caught up.
    /// </remarks>
    /// <param name="wished">Voters in order of preference, at least one.</param>
    /// <param name="wishedLearners">Who should follow without a vote: none for a shard; for group 0, all members that do not vote.</param>
    public static ReplicaMove NextMove(GroupStanding group, ImmutableArray<NodeId> wished, ImmutableArray<NodeId> wishedLearners)
    {
        if (wished.IsEmpty)
        {
            throw new ArgumentException("a group without any wished voter would lose its data", nameof(wished));
        }

        if (group.ChangePending)
        {
            return ReplicaMove.Wait;
        }

        return HandOverFirst(group, wished)
            ?? DropLearner(group, wished, wishedLearners)
            ?? AddLearner(group, wished, wishedLearners)
            ?? Promote(group, wished)
            ?? DropVoter(group, wished, wishedLearners)
            ?? BalanceLeader(group, wished);
    }

    /// <summary>Who is to go leads no longer than it must: should it end before its replicas have moved, nobody has to wait for an election.</summary>
    private static ReplicaMove? HandOverFirst(GroupStanding group, ImmutableArray<NodeId> wished) =>
        !wished.Contains(group.Self) && Successor(group, wished) is { Kind: ReplicaMoveKind.TransferLeadership } handOver ? handOver : null;

    private static ReplicaMove? DropLearner(GroupStanding group, ImmutableArray<NodeId> wished, ImmutableArray<NodeId> wishedLearners)
    {
        foreach (var learner in group.Learners)
        {
            if (!wished.Contains(learner) && !wishedLearners.Contains(learner))
            {
                return new ReplicaMove(ReplicaMoveKind.Remove, learner);
            }
        }

        return null;
    }

    private static ReplicaMove? AddLearner(GroupStanding group, ImmutableArray<NodeId> wished, ImmutableArray<NodeId> wishedLearners)
    {
        // A future voter comes only when the one before has caught up: filling several at once would load the leader's disk and links with snapshots.
        var filling = group.Learners.Any(learner => wished.Contains(learner) && Contains(group.Reachable, learner) && !group.CaughtUp.Contains(learner));
        foreach (var node in wished)
        {
            if (!filling && !Holds(group, node) && Contains(group.Reachable, node))
            {
                return new ReplicaMove(ReplicaMoveKind.AddLearner, node);
            }
        }

        foreach (var node in wishedLearners)
        {
            if (!Holds(group, node))
            {
                return new ReplicaMove(ReplicaMoveKind.AddLearner, node);
            }
        }

        return null;
    }

    private static ReplicaMove? Promote(GroupStanding group, ImmutableArray<NodeId> wished)
    {
        foreach (var node in wished)
        {
            if (!group.Learners.Contains(node) || !group.CaughtUp.Contains(node) || !Contains(group.Reachable, node))
            {
                continue;
            }

            foreach (var voter in group.Voters)
            {
                if (!wished.Contains(voter) && voter != group.Self && !Contains(group.Reachable, voter) && KeepsMajority(group, group.Voters.Remove(voter)))
                {
                    return new ReplicaMove(ReplicaMoveKind.Remove, voter);
                }
            }

            return KeepsMajority(group, group.Voters.Add(node)) ? new ReplicaMove(ReplicaMoveKind.Promote, node) : ReplicaMove.Wait;
        }

        return null;
    }

    private static ReplicaMove? DropVoter(GroupStanding group, ImmutableArray<NodeId> wished, ImmutableArray<NodeId> wishedLearners)
    {
        var surplus = group.Voters.RemoveAll(wished.Contains);
        var complete = wished.All(group.Voters.Contains);
        if (surplus.IsEmpty)
        {
            return complete ? null : ReplicaMove.Wait;
        }

        if (!complete)
        {
            return ReplicaMove.Wait;
        }

        // The leader goes last, and by then it has handed over.
        var goes = surplus.FirstOrDefault(voter => voter != group.Self, group.Self);
        if (goes == group.Self)
        {
            return Successor(group, wished);
        }

        var kind = wishedLearners.Contains(goes) ? ReplicaMoveKind.Demote : ReplicaMoveKind.Remove;
        return KeepsMajority(group, group.Voters.Remove(goes)) ? new ReplicaMove(kind, goes) : ReplicaMove.Wait;
    }

    private static ReplicaMove Successor(GroupStanding group, ImmutableArray<NodeId> wished)
    {
        foreach (var node in wished)
        {
            if (CanLead(group, node))
            {
                return new ReplicaMove(ReplicaMoveKind.TransferLeadership, node);
            }
        }

        return ReplicaMove.Wait;
    }

    private static ReplicaMove BalanceLeader(GroupStanding group, ImmutableArray<NodeId> wished) =>
        wished[0] != group.Self && CanLead(group, wished[0]) ? new ReplicaMove(ReplicaMoveKind.TransferLeadership, wished[0]) : ReplicaMove.None;

    private static bool CanLead(GroupStanding group, NodeId node) =>
        node != group.Self && group.Voters.Contains(node) && group.CaughtUp.Contains(node) && Contains(group.Reachable, node);

    private static bool Holds(GroupStanding group, NodeId node) => group.Voters.Contains(node) || group.Learners.Contains(node);

    private static bool KeepsMajority(GroupStanding group, ImmutableArray<NodeId> voters) =>
        voters.Count(voter => voter == group.Self || Contains(group.Reachable, voter)) > voters.Length / 2;

    private static bool Contains(ImmutableArray<NodeId> nodes, NodeId node) => nodes.Contains(node);
}
