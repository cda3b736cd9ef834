using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>
/// One actor's place in the tree, from start to stop, across restarts of its instance: mailbox, children, watches, and the rules of life and
/// death. Everything but sending to it happens in its own turn on one thread at a time.
/// </summary>
internal sealed partial class ActorCell : IActorContext
{
    private readonly Props props;
    private readonly InternalRef parent;
    private readonly Mailbox mailbox;
    private readonly ChildMap children = new();
    private Actor? actor;
    private CellState state;
    private Envelope current;
    private StashBuffer? stash;
    private ActorTimers? timers;
    private IdleTimer? idleTimer;

    private ActorCell(ActorSystem system, InternalRef parent, ActorPath path, Props props)
    {
        OwnSystem = system;
        this.parent = parent;
        this.props = props;
        Path = path;
        var capacity = props.MailboxCapacity ?? system.Options.MailboxCapacity;
        MailboxQueue queue = props.MailboxOverflow == MailboxOverflow.DropOldest ? new EvictingQueue(capacity) : new SegmentedQueue(capacity);
        var dispatcher = system.DispatcherNamed(props.DispatcherName, path);
        mailbox = new Mailbox(this, queue, dispatcher, props.Throughput ?? system.Options.Throughput, capacity, props.MailboxOverflow);
        OwnRef = new LocalRef(this, path, mailbox);
    }

    public ActorSystem OwnSystem { get; }

    public LocalRef OwnRef { get; }

    public ActorPath Path { get; }

    public bool IsStopped => state == CellState.Stopped;

    public IActorRef Self => OwnRef;

    public IActorRef Sender => current.Sender ?? OwnSystem.DeadLetters;

    public IActorRef Parent => parent;

    public IActorSystem System => OwnSystem;

    public IStash Stash => stash ??= new StashBuffer(this, props.StashCapacity ?? OwnSystem.Options.StashCapacity);

    public ITimers Timers => timers ??= new ActorTimers(this);

    public IReadOnlyList<IActorRef> Children => Array.ConvertAll(children.ToArray(), static IActorRef (entry) => entry.Ref);

    /// <summary>Starts an actor. Its start is the first thing in its mailbox, before anyone can learn its reference.</summary>
    public static LocalRef StartUnder(ActorSystem system, InternalRef parent, ActorPath path, Props props)
    {
        var started = new ActorCell(system, parent, path, props).OwnRef;
        started.SendSystem(new CreateSignal());
        return started;
    }

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        return children.Add(Path, name, free => StartUnder(OwnSystem, OwnRef, Path.Child(free, OwnSystem.NextUid()), props));
    }

    public LocalRef? FindChild(string name) => children.Find(name)?.Ref;

    public void Stop(IActorRef actor)
    {
        var target = OwnSystem.Own(actor);
        if (target is not LocalRef local)
        {
            target.Tell(PoisonPill.Instance, Self);
        }
        else if (children.Find(local) is not { } entry || children.MarkStopping(entry))
        {
            local.SendSystem(new StopSignal());
        }
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        idleTimer?.Cancel();
        idleTimer = null;
        if (timeout is { } span)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero, nameof(timeout));
            idleTimer = new IdleTimer(this, span);
        }
    }

    public void DeadLetter(in Envelope envelope, string reason) => OwnSystem.DeadLetterOffice.Post(envelope, OwnRef, reason);

    public void PostToSelf(IRuntimeMessage message) => mailbox.PostForced(message, Self);

    /// <summary>Gives the message in hand to the stash, once.</summary>
    public Envelope TakeCurrentForStash()
    {
        if (current.Message is null)
        {
            throw new InvalidOperationException($"{Path} has no message in hand to stash, or has stashed it already");
        }

        if (current.Message is Terminated end)
        {
            // Handed over already; it has to count as announced again to be handed over once more.
            (announced ??= []).Add(end);
        }

        var envelope = current;
        current = envelope with { Message = null! };
        return envelope;
    }
}
