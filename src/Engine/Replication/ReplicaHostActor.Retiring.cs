using Cluster.Engine.Consensus;
using Cluster.Engine.ControlPlane;

namespace Cluster.Engine.Replication;

/// <summary>
/// The node's process is about to end, and comes back later: what it leads goes to others first, so that no shard waits for an election. It goes on following,
/// voting and acknowledging until the end, since a majority may need it.
/// </summary>
internal sealed partial class ReplicaHostActor
{
    private bool retiring;

    private void Retire()
    {
        retiring = true;
        foreach (var replica in replicas.Values)
        {
            replica.Core.Retire();
        }

        nextReconciliation = TimeSpan.Zero;
        ReconcileWhenDue(Now);
    }

    /// <summary>To the voter that lacks least, of those that answer and stay. Nobody: then the group has an election, or nobody who could win one.</summary>
    private void HandOver(Replica replica, TimeSpan now)
    {
        PeerProgress? successor = null;
        foreach (var peer in replica.Core.Progress())
        {
            if (replica.Core.Configuration.IsVoter(peer.Node) && now - peer.LastContact < services.Options.Raft.QuorumTimeout && !services.IsRetiring(peer.Node)
                && (successor is null || peer.Match > successor.Value.Match))
            {
                successor = peer;
            }
        }

        if (successor is { } next)
        {
            Take(replica, new ReplicaMove(ReplicaMoveKind.TransferLeadership, next.Node), now);
        }
    }
}
