using System.Collections.Immutable;
using Cluster.Engine.Consensus;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>
/// Brings each group that this node leads one step nearer to what the control plane wishes: replicas come as learners and go one at a time, leadership
/// goes to the preferred replica. Level-triggered, so a new leader goes on where the old one stopped.
/// </summary>
internal sealed partial class ReplicaHostActor
{
    private TimeSpan nextReconciliation;

    private void ReconcileWhenDue(TimeSpan now)
    {
        var everybody = now >= nextReconciliation;
        if (everybody)
        {
            nextReconciliation = now + services.Options.ReconcileInterval;
        }

        foreach (var replica in replicas.Values)
        {
            if (!everybody && !replica.OnTheMove)
            {
                continue;
            }

            replica.OnTheMove = false;
            if (retiring && replica.Core.Role == RaftRole.Leader)
            {
                HandOver(replica, now);
            }
            else if (replica.Serves && services.Wishes(replica.Group) is { Voters.IsEmpty: false } wish)
            {
                var move = PlacementCore.NextMove(StandingOf(replica, wish, now), wish.Voters, wish.Learners);
                Take(replica, move, now);
                replica.OnTheMove = move.Kind is not (ReplicaMoveKind.None or ReplicaMoveKind.Wait) || replica.Core.IsConfigurationPending || replica.Moves.Count > 0;
            }

            LookAtMoves(replica, now);
        }
    }

    private void Take(Replica replica, ReplicaMove move, TimeSpan now)
    {
        ConfigurationChangeKind? change = move.Kind switch
        {
            ReplicaMoveKind.AddLearner => ConfigurationChangeKind.AddLearner,
            ReplicaMoveKind.Promote => ConfigurationChangeKind.PromoteLearner,
            ReplicaMoveKind.Demote => ConfigurationChangeKind.DemoteVoter,
            ReplicaMoveKind.Remove => ConfigurationChangeKind.RemoveReplica,
            _ => null,
        };
        if (change is { } kind)
        {
            var takesAway = kind is ConfigurationChangeKind.DemoteVoter or ConfigurationChangeKind.RemoveReplica && replica.Core.Configuration.IsVoter(move.Node);
            if (replica.Core.ProposeConfiguration(now, new ConfigurationChange(kind, move.Node)).Accepted && takesAway)
            {
                moves.RemovalBegan(replica, move.Node, now);
            }
        }
        else if (move.Kind == ReplicaMoveKind.TransferLeadership && replica.Core.TransferLeadership(now, move.Node))
        {
            moves.TransferBegan(replica, services.Self, move.Node, now);
        }

        MarkDirty(replica);
    }

    private void LookAtMoves(Replica replica, TimeSpan now)
    {
        if (replica.Moves.Count > 0 || (replica.Core.Role == RaftRole.Leader && !replica.Core.Configuration.Learners.IsEmpty))
        {
            moves.Look(replica, services.Wishes(replica.Group), now);
        }
    }

    private GroupStanding StandingOf(Replica replica, GroupWish wish, TimeSpan now)
    {
        var core = replica.Core;
        var caughtUp = ImmutableArray.CreateBuilder<NodeId>();
        var reachable = ImmutableArray.CreateBuilder<NodeId>();
        foreach (var peer in core.Progress())
        {
            // One that is about to end has caught up in vain: leadership, or a vote, would come back at once.
            if (peer.State == ReplicationState.Replicate && !services.IsRetiring(peer.Node) && peer.Match.Value + services.Options.CaughtUpWithin >= core.LastIndex.Value)
            {
                caughtUp.Add(peer.Node);
            }

            if (now - peer.LastContact < services.Options.Raft.QuorumTimeout)
            {
                reachable.Add(peer.Node);
            }
        }

        foreach (var newcomer in wish.Voters)
        {
            // Raft has not spoken to it yet: the failure detector's word has to do.
            if (!core.Configuration.Contains(newcomer) && services.IsReachable(newcomer))
            {
                reachable.Add(newcomer);
            }
        }

        caughtUp.Add(services.Self);
        return new GroupStanding(services.Self, core.Configuration.Voters, core.Configuration.Learners, caughtUp.ToImmutable(), reachable.ToImmutable(), core.IsConfigurationPending);
    }
}

/// <summary>Who should vote in a group, the preferred leader first, and who should follow without a vote.</summary>
internal sealed record GroupWish(ImmutableArray<NodeId> Voters, ImmutableArray<NodeId> Learners);
