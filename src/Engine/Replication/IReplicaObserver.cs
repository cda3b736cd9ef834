using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>
/// Told what the replicas of a node do, in their host's turn and before it has any consequence: the simulator's judge. It changes nothing. A node that nobody
/// judges has one that does nothing.
/// </summary>
internal interface IReplicaObserver
{
    /// <summary>A replica begins, or begins again, with what its disk holds.</summary>
    void Begins(ShardId group, RaftRecovery from);

    /// <summary>All replicas that the disk holds have begun.</summary>
    void AllBegan();

    /// <summary>A replica's core has given out what it wants done; nothing of it is done yet.</summary>
    void Takes(Replica replica, RaftEffects effects);

    /// <summary>A replica has applied what was committed.</summary>
    void Applied(Replica replica);

    /// <summary>A write that this replica has applied is about to be answered.</summary>
    void Answers(Replica replica, LogIndex write);
}
