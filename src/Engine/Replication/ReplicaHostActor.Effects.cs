using Cluster.Engine.Consensus;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Replication;

/// <summary>What the cores want done, in the order that safety asks for: persist, then send, then apply.</summary>
internal sealed partial class ReplicaHostActor
{
    private readonly Queue<AwaitedBatch> awaited = [];
    private List<WalWrite> writes = [];
    private List<Dependent> dependents = [];
    private List<ShardId> vacated = [];
    private long lastBatch;

    private void TakeEffects(Replica replica)
    {
        while (!replica.Gone && replica.Core.TakeEffects() is { } effects)
        {
            services.Observer.Takes(replica, effects);
            OnEvents(replica, effects.Events);
            foreach (var message in effects.SendNow)
            {
                Out.Add(message);
            }

            if (effects.RestoreSnapshot is { } meta)
            {
                TakeOver(replica, meta);
            }

            Apply(replica, effects.Committed);
            OnReads(replica, effects);
            foreach (var wanted in effects.SendSnapshotTo)
            {
                services.Snapshots().Tell(new StreamSnapshot(replica.Group, wanted.To, replica.Core.CurrentTerm, wanted.AtLeast));
            }

            Persist(replica, effects); // Last: a record without writes is given back to the core here.
        }

        SnapshotWhenLong(replica);
    }

    private void Persist(Replica replica, RaftEffects effects)
    {
        if (effects.Persists)
        {
            writes.Add(new WalWrite(replica.Group)
            {
                TruncateFrom = effects.TruncateFrom,
                Entries = effects.Entries,
                HardState = effects.HardState,
                Snapshot = effects.RestoreSnapshot,
            });
        }
        else if (replica.LastWalBatch == 0)
        {
            // Nothing of this group is on its way to the disk: nothing to wait for.
            OnDurable(replica, effects);
            return;
        }

        replica.LastWalBatch = lastBatch + 1;
        dependents.Add(new Dependent(replica, effects));
    }

    private void FlushWal()
    {
        if (dependents.Count == 0 && writes.Count == 0)
        {
            return;
        }

        services.Wal().Tell(new WalBatch(++lastBatch, writes), Self);
        awaited.Enqueue(new AwaitedBatch(lastBatch, dependents, vacated));
        writes = [];
        dependents = [];
        vacated = [];
    }

    private void OnFlushed(long batch)
    {
        while (awaited.TryPeek(out var next) && next.Number <= batch)
        {
            awaited.Dequeue();
            ForgetSnapshots(next.Vacated);
            foreach (var (replica, effects) in next.Dependents)
            {
                if (replica.LastWalBatch == next.Number)
                {
                    replica.LastWalBatch = 0;
                }

                OnDurable(replica, effects);
            }
        }
    }

    private void OnDurable(Replica replica, RaftEffects effects)
    {
        if (replica.Gone)
        {
            return;
        }

        foreach (var message in effects.SendAfterPersist)
        {
            Out.Add(message);
        }

        replica.Core.Persisted(effects.Batch);
        replica.Core.Recycle(effects); // Written, sent and applied: nobody looks at it any more.
        MarkDirty(replica);
    }

    private void Apply(Replica replica, IReadOnlyList<Entry> committed)
    {
        foreach (var entry in committed)
        {
            var index = new LogIndex(entry.Index);
            if (entry.Kind == EntryKind.Command)
            {
                AnswerWrite(replica, index, ApplyCommand(replica, entry));
            }

            replica.Applied = index;
        }

        if (committed.Count > 0)
        {
            services.Metrics.Applied(committed.Count);
            services.Observer.Applied(replica);
            services.Applied(replica);
            AnswerReads(replica);
            ServeHeld(replica);
        }
    }

    /// <summary>An entry that this node cannot follow ends it: going on without the entry, its replica would differ from the others in silence.</summary>
    private ByteString? ApplyCommand(Replica replica, Entry entry)
    {
        try
        {
            return replica.Machine.Apply(entry.Index, entry.Data);
        }
        catch (InvalidDataException misfit)
        {
            services.Fatal($"shard {replica.Group} cannot follow its log: {misfit.Message}");
            throw;
        }
    }

    private void AnswerWrite(Replica replica, LogIndex applied, ByteString? reply)
    {
        if (replica.Writes.TryPeek(out var write) && write.Index == applied)
        {
            replica.Writes.Dequeue();
            services.Observer.Answers(replica, applied);
            Answer(write.Caller, reply ?? throw new InvariantViolated("who proposed knows the reply", $"shard {replica.Group}, entry {applied}"));
        }
    }

    private void OnReads(Replica replica, RaftEffects effects)
    {
        foreach (var id in effects.ReadsFailed)
        {
            if (replica.Reads.Remove(id, out var read))
            {
                Refuse(read.Caller, ErrorCode.Unavailable, $"node {services.Self} could not confirm that it leads shard {replica.Group}");
            }
        }

        foreach (var ready in effects.ReadsReady)
        {
            if (replica.Reads.Remove(ready.ReadId, out var read))
            {
                read.NotBefore = ready.Index > read.NotBefore ? ready.Index : read.NotBefore;
                replica.ReadsToApply.Add(read);
            }
        }

        if (effects.ReadsReady.Count > 0)
        {
            AnswerReads(replica);
        }
    }

    private void AnswerReads(Replica replica)
    {
        if (replica.ReadsToApply.Count == 0)
        {
            return;
        }

        var waiting = 0;
        for (var i = 0; i < replica.ReadsToApply.Count; i++)
        {
            var read = replica.ReadsToApply[i];
            if (read.NotBefore > replica.Applied)
            {
                replica.ReadsToApply[waiting++] = read;
            }
            else if (read.Decided is { } reply)
            {
                Answer(read.Caller, reply);
            }
            else
            {
                AnswerFromState(replica, read.Caller, read.Query!);
            }
        }

        replica.ReadsToApply.RemoveRange(waiting, replica.ReadsToApply.Count - waiting);
    }

    private void OnEvents(Replica replica, IReadOnlyList<RaftEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is RoleChanged role)
            {
                OnRole(replica, role);
            }
            else if (happened is LeaderElected)
            {
                services.Metrics.LeaderChanged();
            }
            else if (happened is TransferAborted)
            {
                moves.TransferAborted(replica, Now);
            }
            else if (happened is AcknowledgedEntriesMissing missing)
            {
                OnMissing(replica, missing);
            }

            services.Tell(replica.Group, happened);
        }

        if (events.Count > 0)
        {
            LookAtMoves(replica, Now);
            AnnounceLeader(replica);
            services.Board.Publish(replica);
        }
    }

    /// <summary>Told once, though the leader's every heartbeat shows it again: nothing that this node can do brings the entries back.</summary>
    private void OnMissing(Replica replica, AcknowledgedEntriesMissing missing)
    {
        if (replica.Missing is null)
        {
            services.Events.Tell(
                ClusterEventKind.EntriesMissing,
                $"the leader of {replica.Group} counts on entries up to {missing.Acknowledged} here, but this disk holds {missing.Last} only: it lost what it had acknowledged",
                detail => detail with { Shard = replica.Group.Value, Member = services.NameOf(services.Self) });
        }

        replica.Missing = missing.Acknowledged;
    }

    /// <summary>Also from the tick: a core may come to know its leader without an event, as one does whose disk was full when that leader was elected.</summary>
    private void AnnounceLeader(Replica replica)
    {
        var known = (Leader: replica.Core.Leader ?? NodeId.None, Term: replica.Core.CurrentTerm, Successor: replica.Core.TransferTarget);
        if (replica.Announced != known && !replica.Core.Configuration.IsEmpty)
        {
            replica.Announced = known;
            services.Leaders.Learned(replica.Group, known.Leader, known.Term.Value, known.Successor);
        }
    }

    private void OnRole(Replica replica, RoleChanged role)
    {
        if (role.To == RaftRole.Leader)
        {
            replica.Machine.DropProposed(); // What an earlier leadership of this node proposed came to be or not without it.
        }
        else if (role.From == RaftRole.Leader)
        {
            StepDown(replica);
        }
    }

    /// <summary>What callers wait for here may or may not come to be: they ask the next leader, which knows.</summary>
    private void StepDown(Replica replica)
    {
        replica.Machine.DropProposed();
        while (replica.Writes.TryDequeue(out var write))
        {
            Refuse(write.Caller, ErrorCode.OutcomeUnknown, $"node {services.Self} lost the leadership of shard {replica.Group}", replica.Core.Leader ?? NodeId.None);
        }

        foreach (var read in replica.ReadsToApply.Concat(replica.Reads.Values))
        {
            Refuse(read.Caller, ErrorCode.Unavailable, $"node {services.Self} lost the leadership of shard {replica.Group}");
        }

        replica.ReadsToApply.Clear();
        replica.Reads.Clear();
        while (replica.Held.TryDequeue(out var held))
        {
            Refuse(new Caller(held.From, held.Request.Correlation), ErrorCode.NotLeader, $"node {services.Self} lost the leadership of shard {replica.Group}", replica.Core.Leader ?? NodeId.None);
        }
    }

    private readonly record struct Dependent(Replica Replica, RaftEffects Effects);

    private readonly record struct AwaitedBatch(long Number, List<Dependent> Dependents, List<ShardId> Vacated);
}
