using Cluster.Engine.Consensus;
using Cluster.Shared.Http;

namespace Cluster.Engine.Replication;

/// <summary>Which groups this node holds a replica of: found on disk, founded, joined, left.</summary>
internal sealed partial class ReplicaHostActor
{
    /// <summary>While the log takes no writes, every replica knows it, also one that comes meanwhile.</summary>
    private bool stalled;

    private void Adopt(RecoveredReplica recovered)
    {
        var core = new RaftCore(services.Options.Raft, recovered.Group, services.Self, recovered.Raft, NewSeed());
        var applied = recovered.Raft.Snapshot?.Index ?? LogIndex.Zero;
        var replica = new Replica(recovered.Group, core, recovered.Machine, applied);
        if (stalled)
        {
            core.StorageFailed();
        }

        if (retiring)
        {
            core.Retire();
        }

        services.Observer.Begins(recovered.Group, recovered.Raft);
        replicas.Add(recovered.Group, replica);
        MarkDirty(replica);
    }

    private void Hold(HoldReplica hold)
    {
        if (replicas.ContainsKey(hold.Group))
        {
            return;
        }

        var initial = hold.Initial ?? RaftConfiguration.Empty;
        writes.Add(new WalWrite(hold.Group) { Created = initial.ToWire() });
        Adopt(new RecoveredReplica(hold.Group, new RaftRecovery { InitialConfiguration = initial, Fresh = true }, services.NewMachine(hold.Group)));
        if (hold.Campaign)
        {
            replicas[hold.Group].Core.Campaign(Now);
        }
    }

    private void OnStorage(object message)
    {
        stalled = message is WalStalled;
        services.Board.StorageProblem = (message as WalStalled)?.Reason;
        var words = services.Board.StorageProblem is { } problem
            ? $"the log cannot be written: {problem}; this node leads nothing and acknowledges nothing until it can"
            : "the log can be written again";
        services.Log(words);
        services.Events.Tell(ClusterEventKind.StorageChanged, words, detail => detail with { Member = services.NameOf(services.Self) });
        foreach (var replica in replicas.Values)
        {
            if (stalled)
            {
                replica.Core.StorageFailed();
            }
            else
            {
                replica.Core.StorageRecovered();
            }

            MarkDirty(replica);
        }

        if (message is WalResumed resumed)
        {
            OnFlushed(resumed.Batch);
        }
    }

    private ulong NewSeed() => (ulong)Context.System.Random.NextInt64();
}
