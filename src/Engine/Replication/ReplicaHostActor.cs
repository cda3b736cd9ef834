using Cluster.Engine.Actors;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>
/// All Raft replicas of one node. It steps their cores one message at a time and, when the mailbox batch ends, takes their effects together: one append to
/// the node's log, one frame to each peer. What depends on the disk (votes, acknowledgements) leaves only after the log reports the batch durable; what does
/// not (a leader's own appends) leaves at once (thesis 10.2.1).
/// </summary>
internal sealed partial class ReplicaHostActor(ReplicaHostServices services) : Actor, IBatchActor
{
    private readonly Dictionary<ShardId, Replica> replicas = [];
    private readonly List<Replica> dirty = [];
    private readonly MoveLedger moves = new(services.Events, services.Metrics, services.NameOf);
    private TimeSpan nextExpiry;

    private TimeSpan Now => Context.System.Time.Elapsed();

    private long UnixNow => Context.System.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private Outboxes Out => services.Outboxes;

    private void Begin()
    {
        foreach (var recovered in services.Recovered)
        {
            Adopt(recovered);
        }

        services.Observer.AllBegan();

        Timers.StartPeriodic(nameof(HostTick), HostTick.Instance, services.Options.TickInterval);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case NodeStarted:
                Begin();
                break;
            case ConsensusReceived received:
                Step(received);
                break;
            case RequestsReceived received:
                Handle(received);
                break;
            case WalFlushed flushed:
                OnFlushed(flushed.Batch);
                break;
            case HostTick:
                Tick();
                break;
            case NodeRetires:
                Retire();
                break;
            case HoldReplica hold:
                Hold(hold);
                break;
            case SnapshotsForgotten forgotten:
                EndVacating(forgotten.Group);
                break;
            case SnapshotSaved or SnapshotFailed or SnapshotArrived or SnapshotDelivered or LogTooLong:
                OnSnapshot(message);
                break;
            case WalStalled or WalResumed:
                OnStorage(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Everything that this batch of messages made the groups want, at once.</summary>
    public void OnBatchEnd()
    {
        // Applying or answering can make a core want more, so until nothing does.
        for (var next = 0; next < dirty.Count; next++)
        {
            var replica = dirty[next];
            replica.Dirty = false;
            TakeEffects(replica);
        }

        dirty.Clear();
        FlushWal();
        Out.Flush();
    }

    private void Step(ConsensusReceived received)
    {
        var now = Now;
        foreach (var message in received.Batch.Messages)
        {
            if (replicas.TryGetValue(new ShardId(message.Group), out var replica) && !replica.Vacating)
            {
                Step(now, replica, message);
            }
        }
    }

    private void Step(TimeSpan now, Replica replica, RaftMessage message)
    {
        switch (message.BodyCase)
        {
            case RaftMessage.BodyOneofCase.ReplicaQuery:
                AnswerQuery(replica, new NodeId(message.From));
                break;
            case RaftMessage.BodyOneofCase.ReplicaAnswer:
                VacateWhenReplaced(replica, message);
                break;
            case RaftMessage.BodyOneofCase.Vote when replica.Core.Configuration.IsEmpty:
                break; // It knows nothing of its group yet, or has forgotten it: it cannot tell whose log is complete.
            default:
                replica.Core.Step(now, message);
                MarkDirty(replica);
                break;
        }
    }

    private void Tick()
    {
        var now = Now;
        var expires = now >= nextExpiry;
        if (expires)
        {
            nextExpiry = now + services.Options.ExpiryInterval;
        }

        ReconcileWhenDue(now);
        AskWhetherReplaced(now);
        foreach (var replica in replicas.Values)
        {
            // Most groups are idle most of the time: only those that have something due, or had something happen to them, are looked at.
            if (now >= replica.Core.NextTick)
            {
                replica.Core.Tick(now);
                MarkDirty(replica);
            }

            if (expires)
            {
                Rest(replica);
            }

            if (replica.Touched)
            {
                replica.Touched = false;
                if (replica.Missing <= replica.Core.LastIndex)
                {
                    replica.Missing = null;
                }

                AnnounceLeader(replica);
                services.Board.Publish(replica);
            }

            PostHashWhenQuiet(replica, now);
        }
    }

    private void PostHashWhenQuiet(Replica replica, TimeSpan now)
    {
        if (replica.Quiet is not { } quiet ? services.Board.Find(replica.Group) is { StateHash: null } : quiet.Applied != replica.Applied)
        {
            replica.Quiet = (replica.Applied, now);
        }
        else if (replica.Quiet is { } still && now - still.Since >= services.Options.HashAfterQuiet)
        {
            replica.Quiet = null;
            services.Board.Publish(replica, withHash: true);
        }
    }

    private void Rest(Replica replica)
    {
        replica.Machine.Rest(UnixNow);
        if (replica.Serves)
        {
            ProposeExpiry(replica);
        }

        MarkDirty(replica); // Also for a snapshot that failed, and is to be tried again.
    }

    private void MarkDirty(Replica replica)
    {
        replica.Touched = true;
        if (!replica.Dirty)
        {
            replica.Dirty = true;
            dirty.Add(replica);
        }
    }
}
