using Cluster.Engine.Actors;
using Cluster.Engine.Port;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Persistence;

/// <summary>
/// Writes the events of a node's persistent actors on a thread of its own. What waits when it gets to work becomes durable by one write and one flush (group commit). A full disk makes it wait and
/// try again; a flush that fails ends the node, because after that nothing tells what is on the disk.
/// </summary>
internal sealed class JournalActor(Func<NodeJournal> open, Action<NodeJournal> opened, Action<string> say, Action<string> fatal) : Actor, IBatchActor
{
    /// <summary>How often a full disk is tried again.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How often actors are asked for snapshots that the log's length makes due: each takes a while to be written.</summary>
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(2);

    /// <summary>Who waits for the next flush, and up to where.</summary>
    private readonly Dictionary<ShardId, WriteEvent> unflushed = [];

    /// <summary>What cannot be done before the next flush: a snapshot must not be ahead of the events that it stands for, nor a recovered event be unsure.</summary>
    private readonly List<Action> afterFlush = [];

    private NodeJournal? journal;
    private TimeSpan nextAsk;
    private bool stalled;

    private NodeJournal Journal
    {
        get
        {
            if (journal is null)
            {
                journal = open();
                opened(journal);
            }

            return journal;
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case WriteEvent write:
                var stream = Journal.Stream(write.PersistenceId);
                Journal.Append(stream, write.Sequence, write.Record);
                unflushed[stream.Id] = write;
                break;
            case RecoverEvents recover:
                afterFlush.Add(() => Recover(recover));
                break;
            case WriteSnapshot snapshot:
                afterFlush.Add(() => Save(snapshot));
                break;
            case RetryFlush:
                Flush();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    public void OnBatchEnd()
    {
        if (!stalled && unflushed.Count + afterFlush.Count > 0)
        {
            Flush();
        }
    }

    private void Flush()
    {
        var flush = Journal.Flush();
        switch (flush.Status)
        {
            case WalFlushStatus.Durable:
                stalled = false;
                Answer();
                break;
            case WalFlushStatus.DiskFull or WalFlushStatus.WriteFailed:
                if (!stalled)
                {
                    stalled = true;
                    say($"the journal waits for the disk: {flush.Message}");
                }

                Timers.StartSingle(nameof(RetryFlush), RetryFlush.Instance, RetryInterval);
                break;
            default:
                fatal(flush.Message!);
                break;
        }
    }

    private void Answer()
    {
        foreach (var write in unflushed.Values)
        {
            write.Owner.Tell(new EventsWritten(write.Token, write.Sequence));
        }

        unflushed.Clear();
        foreach (var action in afterFlush)
        {
            action();
        }

        afterFlush.Clear();
        AskForRoom();
    }

    private void AskForRoom()
    {
        if (Journal.Pinning is { Count: > 0 } pinning && Context.System.Time.Elapsed() is var now && now >= nextAsk)
        {
            nextAsk = now + AskInterval;
            foreach (var owner in pinning.Select(stream => stream.Owner).OfType<RecoverEvents>())
            {
                owner.Owner.Tell(new SnapshotWanted(owner.Token));
            }
        }
    }

    private void Recover(RecoverEvents recover)
    {
        var stream = Journal.Stream(recover.PersistenceId);
        stream.Owner = recover;
        var state = Journal.ReadSnapshot(stream);
        recover.Owner.Tell(new EventsRecovered(recover.Token, stream.SnapshotSequence, state, [.. stream.Records]));
    }

    private void Save(WriteSnapshot snapshot)
    {
        try
        {
            Journal.WriteSnapshot(Journal.Stream(snapshot.PersistenceId), snapshot.Sequence, snapshot.State);
        }
        catch (DiskFlushException)
        {
            throw; // What is on the disk is unknown.
        }
        catch (IOException refused)
        {
            say($"no snapshot of '{snapshot.PersistenceId}' was written: {refused.Message}");
        }

        snapshot.Owner.Tell(new SnapshotEnded(snapshot.Token));
    }

    private sealed record RetryFlush
    {
        public static readonly RetryFlush Instance = new();
    }
}
