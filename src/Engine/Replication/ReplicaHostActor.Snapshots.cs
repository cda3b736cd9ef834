using Cluster.Engine.Consensus;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>Snapshots: taken when a group's log has grown long, streamed to followers that have fallen behind it, taken over from leaders.</summary>
internal sealed partial class ReplicaHostActor
{
    /// <summary>What one group's log may take of the node's memory.</summary>
    private long LogShare => Math.Max(services.Options.LogShareBytesMin, services.Options.LogMemoryBytes / replicas.Count);

    private void SnapshotWhenLong(Replica replica)
    {
        // A snapshot writes the whole state: it pays when the log is longer than a good part of it. How large the state is some machines have to work out, so
        // it is asked last: this is looked at in every turn.
        var logBytes = replica.Core.LogBytes;
        if (logBytes > Math.Min(services.Options.SnapshotAfterLogBytes, LogShare) && logBytes > replica.Machine.StateBytes / 2)
        {
            TakeSnapshot(replica);
        }
    }

    private void TakeSnapshot(Replica replica)
    {
        if (!replica.Snapshotting && !replica.Vacating && replica.Applied > replica.SnapshotIndex && Now >= replica.NextSnapshot)
        {
            replica.Snapshotting = true;
            services.Snapshots().Tell(new SaveSnapshot(replica.Group, replica.Core.DescribeSnapshot(replica.Applied), replica.Machine.TakeSnapshot()));
        }
    }

    private void OnSnapshot(object message)
    {
        switch (message)
        {
            case SnapshotSaved saved when replicas.TryGetValue(saved.Group, out var replica) && !replica.Vacating:
                replica.Snapshotting = false;
                services.Metrics.SnapshotTaken();
                if (saved.Meta.Index > replica.SnapshotIndex)
                {
                    replica.SnapshotIndex = saved.Meta.Index;
                    writes.Add(new WalWrite(saved.Group) { Snapshot = saved.Meta });
                    replica.Core.Compact(saved.Meta.Index, keepBytes: LogShare / 4);
                }

                break;
            case SnapshotFailed failed when replicas.TryGetValue(failed.Group, out var replica):
                replica.Snapshotting = false;
                replica.NextSnapshot = Now + services.Options.SnapshotRetryPause;
                services.Log($"no snapshot of shard {failed.Group}: {failed.Reason}");
                break;
            case SnapshotDelivered delivered when replicas.TryGetValue(delivered.Group, out var replica):
                if (delivered.Delivered)
                {
                    moves.SnapshotArrived(replica, delivered.To, delivered.Bytes);
                }

                replica.Core.SnapshotSent(Now, delivered.To, delivered.Delivered);
                MarkDirty(replica);
                break;
            case SnapshotArrived arrived when replicas.TryGetValue(arrived.Group, out var replica) && !replica.Vacating:
                Offer(replica, arrived);
                break;
            case LogTooLong tooLong:
                foreach (var group in tooLong.Pinning)
                {
                    if (replicas.TryGetValue(group, out var replica))
                    {
                        TakeSnapshot(replica);
                    }
                }

                break;
            default:
                break; // Of a group that this node has let go meanwhile.
        }
    }

    /// <summary>The file stands: now it is Raft's to say whether it still wants it.</summary>
    private void Offer(Replica replica, SnapshotArrived arrived)
    {
        replica.Arrived = (arrived.Meta, arrived.Machine);
        replica.Core.Step(Now, new RaftMessage
        {
            Group = replica.Group.Value,
            From = arrived.From.Value,
            To = services.Self.Value,
            Term = arrived.Term.Value,
            Snapshot = new InstallSnapshot { LastIndex = arrived.Meta.Index.Value, LastTerm = arrived.Meta.Term.Value, Configuration = arrived.Meta.Configuration.ToWire() },
        });
        TakeEffects(replica); // In this turn, so that no second snapshot comes between the offer and its acceptance.
        replica.Arrived = null; // Unless taken over it is of no use any more.
    }

    private void TakeOver(Replica replica, SnapshotMeta meta)
    {
        if (replica.Arrived is null && replica.Applied == meta.Index)
        {
            return; // After a start the machine stands there already, and only the log on disk has to follow.
        }

        if (replica.Arrived is not { } arrived || arrived.Meta.Index != meta.Index)
        {
            throw new InvariantViolated("a snapshot is restored after it has arrived", $"shard {replica.Group} was told to restore one at {meta.Index}");
        }

        replica.Machine = arrived.Machine;
        replica.Applied = replica.SnapshotIndex = meta.Index;
        services.Log($"shard {replica.Group} goes on from its leader's snapshot at entry {meta.Index}");
        services.Observer.Applied(replica);
        services.Applied(replica);
    }
}
