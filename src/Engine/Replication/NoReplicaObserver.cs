using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Replication;

/// <summary>Nobody looks.</summary>
internal sealed class NoReplicaObserver : IReplicaObserver
{
    public static readonly NoReplicaObserver Instance = new();

    public void Begins(ShardId group, RaftRecovery from)
    {
    }

    public void AllBegan()
    {
    }

    public void Takes(Replica replica, RaftEffects effects)
    {
    }

    public void Applied(Replica replica)
    {
    }

    public void Answers(Replica replica, LogIndex write)
    {
    }
}
