using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>
/// The node's process is about to end, and comes back later: what it leads goes to others first, so that no shard waits for an election. It goes on following,
/// voting and acknowledging until the end, since a majority may need it.
/// </summary>
internal sealed partial class ReplicaHostActor
{
    private readonly List<NodeId> successors = [];
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

    /// <summary>
    /// To a voter that answers, stays and has caught up; where several have, shards are spread over them. Nobody: then the group has an election, or nobody who
    /// could win one.
    /// </summary>
    private void HandOver(Replica replica, TimeSpan now)
    {
        successors.Clear();
        foreach (var peer in replica.Core.Progress())
        {
            if (peer.IsVoter && !services.IsRetiring(peer.Node) && now - peer.LastContact < services.Options.Raft.QuorumTimeout
                && peer.Match.Value + services.Options.CaughtUpWithin >= replica.Core.LastIndex.Value)
            {
                successors.Add(peer.Node);
            }
        }

        if (successors.Count > 0)
        {
            Take(replica, new ReplicaMove(ReplicaMoveKind.TransferLeadership, successors[(int)(replica.Group.Value % (uint)successors.Count)]), now);
        }
    }
}
