using Cluster.Engine.Persistence;

namespace Cluster.Engine.Port;

/// <summary>
/// An actor whose state is the sum of its events, kept by the journal of its node: what was persisted is there after the process, the machine or the actor has died. Events are
/// applied and answers given only once they are on this disk; commands go on meanwhile, so many events become durable by one flush. It is durable on this node only:
/// what must outlive the node is an entity's.
/// </summary>
/// <remarks>Events are records that the node's message registry knows, and are not changed once persisted.</remarks>
public abstract class PersistentActor : Actor
{
    /// <summary>Events that may wait for the disk; a disk that refuses for long must not fill the memory. Look at <see cref="IsBehind"/> before taking work on.</summary>
    public const int MaxPendingEvents = 20_000;

    /// <summary>Bytes of events that may wait for the disk, likewise: a few hundred of the largest.</summary>
    public const long MaxPendingBytes = 16 << 20;

    /// <summary>Bytes of events after which the journal asks for a snapshot: what a restarted actor reads again, and what the journal holds of it in memory.</summary>
    internal const long SnapshotAfterBytes = 4 << 20;

    private readonly Queue<(ulong Sequence, int Bytes, Action Handler)> waiting = new();
    private readonly JournalAccess journal;
    private RecoveryToken? token;
    private ulong written;
    private bool isRecovered;
    private bool snapshotUnderWay;
    private long bytesSinceSnapshot;
    private long pendingBytes;

    /// <exception cref="InvalidOperationException">The node has no journal.</exception>
    protected PersistentActor() => journal = JournalAccess.Of(Context.System);

    /// <summary>Names its events in the node's journal, for good: two actors of a node may not share one. Not empty.</summary>
    protected abstract string PersistenceId { get; }

    /// <summary>The number of the last event that was handled; 0 before the first.</summary>
    protected ulong LastSequenceNr { get; private set; }

    /// <summary>Events that are not yet known to be durable, and what waits behind them.</summary>
    protected int PendingEvents => waiting.Count;

    /// <summary>
    /// Whether so much waits for the disk that no new work should be taken on: what an actor has begun, it must be able to finish. True while fewer than <paramref name="spare"/> events, or less than a quarter of
    /// the bytes, have room.
    /// </summary>
    protected bool IsBehind(int spare) => waiting.Count > MaxPendingEvents - spare || pendingBytes > MaxPendingBytes / 4 * 3;

    /// <summary>Told, before any command: a <see cref="SnapshotOffer"/> if there is one, the events after it in order, <see cref="RecoveryCompleted"/>.</summary>
    protected abstract void ReceiveRecover(object message);

    /// <summary>Handles one command. Not called before the recovery is through; what comes earlier is stashed.</summary>
    protected abstract void ReceiveCommand(object message);

    /// <summary>The state after the events handled so far, as bytes that <see cref="ReceiveRecover"/> gets back in a <see cref="SnapshotOffer"/>.</summary>
    protected abstract byte[] TakeSnapshot();

    /// <summary>
    /// Makes an event durable, then calls the handler, in order. The sender is another one by then: a handler that answers keeps the reference itself.
    /// </summary>
    /// <exception cref="ArgumentException">The registry does not know the event's type, or it is too large.</exception>
    /// <exception cref="JournalOverflowException">More than <see cref="MaxPendingEvents"/> wait, or more than <see cref="MaxPendingBytes"/>.</exception>
    protected void PersistAsync<TEvent>(TEvent happened, Action<TEvent> handler)
        where TEvent : class
    {
        if (waiting.Count >= MaxPendingEvents || pendingBytes >= MaxPendingBytes)
        {
            throw new JournalOverflowException(PersistenceId, waiting.Count, pendingBytes);
        }

        var record = journal.Encode(happened);
        bytesSinceSnapshot += record.Length;
        pendingBytes += record.Length;
        waiting.Enqueue((++written, record.Length, () => handler(happened)));
        journal.Tell(new WriteEvent(PersistenceId, token!, Self, written, record));
    }

    /// <summary>Calls the handler when everything persisted so far is durable and handled; at once where nothing waits.</summary>
    protected void DeferAsync(Action handler)
    {
        if (waiting.Count == 0)
        {
            handler();
            return;
        }

        waiting.Enqueue((written, 0, handler));
    }

    /// <summary>Overriders call this base first: it asks the journal for what there is.</summary>
    protected override void PreStart()
    {
        token = new RecoveryToken();
        journal.Tell(new RecoverEvents(PersistenceId, token, Self));
    }

    protected sealed override void Receive(object message)
    {
        if (isRecovered)
        {
            ReceiveCommand(message);
            return;
        }

        Stash.Stash();
    }

    /// <summary>What the journal says. It comes past the mailbox's bound, and whatever <see cref="Actor.Become"/> was told.</summary>
    internal void Heard(JournalReply reply)
    {
        if (!ReferenceEquals(reply.Token, token))
        {
            return; // To an instance that failed: this one has its own recovery.
        }

        switch (reply)
        {
            case EventsRecovered recovered:
                Recover(recovered);
                break;
            case EventsWritten { UpTo: var upTo }:
                Handle(upTo);
                break;
            case SnapshotWanted when !snapshotUnderWay:
                Save();
                break;
            case SnapshotEnded:
                snapshotUnderWay = false;
                break;
        }
    }

    private void Recover(EventsRecovered recovered)
    {
        if (recovered.Snapshot is { } snapshot)
        {
            LastSequenceNr = recovered.SnapshotSequence;
            ReceiveRecover(new SnapshotOffer(recovered.SnapshotSequence, snapshot));
        }

        foreach (var record in recovered.Records)
        {
            LastSequenceNr++;
            bytesSinceSnapshot += record.Length;
            ReceiveRecover(journal.Decode(PersistenceId, LastSequenceNr, record));
        }

        written = LastSequenceNr;
        isRecovered = true;
        ReceiveRecover(RecoveryCompleted.Instance);
        Stash.UnstashAll();
    }

    private void Handle(ulong upTo)
    {
        while (waiting.TryPeek(out var next) && next.Sequence <= upTo)
        {
            waiting.Dequeue();
            LastSequenceNr = next.Sequence;
            pendingBytes -= next.Bytes;
            next.Handler();
        }

        if (bytesSinceSnapshot >= SnapshotAfterBytes && !snapshotUnderWay)
        {
            Save();
        }
    }

    private void Save()
    {
        snapshotUnderWay = true;
        bytesSinceSnapshot = 0;
        journal.Tell(new WriteSnapshot(PersistenceId, token!, Self, LastSequenceNr, TakeSnapshot()));
    }
}
