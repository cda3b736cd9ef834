using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>
/// The asking side of an ask: a reference that takes one answer. It has a path, and a place where that path is found, only once someone
/// wants to know it, which is when the ask leaves the node.
/// </summary>
internal abstract class PromiseRef(ActorSystem system) : InternalRef
{
    private PromiseId? id;
    private bool ended;

    public override ActorPath Path => PromiseTable.PathOf(GivenAway());

    /// <summary>Written straight from its number: an ask to another node needs its path once, as text.</summary>
    public override string WirePath => system.Promises.WirePathOf(GivenAway());

    protected override ActorSystem System => system;

    /// <summary>Nothing here lives long enough to be watched: it counts as gone.</summary>
    public override void SendSystem(SystemMessage message)
    {
        if (message is WatchSignal watch)
        {
            watch.Watcher.SendSystem(new DeathSignal(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        }
    }

    public bool HasUid(long uid) => Volatile.Read(ref id)?.Uid == uid;

    protected void End()
    {
        Volatile.Write(ref ended, true);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref id) is { } known)
        {
            system.Promises.Remove(known);
        }
    }

    /// <remarks>
    /// The end may come meanwhile on another thread. Whoever gives the path away enters it, names it, and then looks for the end; the end is declared before it
    /// looks for the name. So at least one of them sees the other, no entry stays behind, and no path is known that is not entered.
    /// </remarks>
    private PromiseId GivenAway()
    {
        if (Volatile.Read(ref id) is { } known)
        {
            return known;
        }

        var drawn = system.Promises.NextId();
        system.Promises.Add(this, drawn);
        if (Interlocked.CompareExchange(ref id, drawn, null) is { } earlier)
        {
            system.Promises.Remove(drawn);
            return earlier;
        }

        if (Volatile.Read(ref ended))
        {
            system.Promises.Remove(drawn);
        }

        return drawn;
    }
}

/// <inheritdoc/>
internal sealed class PromiseRef<T> : PromiseRef
{
    private readonly TaskCompletionSource<T> answer;
    private readonly CancellationTokenRegistration cancelled;
    private readonly InternalRef target;
    private readonly Type messageType;
    private readonly TimeSpan timeout;
    private readonly ITimer timer;

    public PromiseRef(ActorSystem system, InternalRef target, Type messageType, TimeSpan timeout, CancellationToken cancellation)
        : base(system)
    {
        answer = new TaskCompletionSource<T>(system.Options.AnswersInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        (this.target, this.messageType, this.timeout) = (target, messageType, timeout);
        timer = system.Time.CreateTimer(static promise => ((PromiseRef<T>)promise!).TimeOut(), this, timeout, Timeout.InfiniteTimeSpan);
        cancelled = cancellation.UnsafeRegister(static (promise, token) => ((PromiseRef<T>)promise!).Cancel(token), this);
        if (answer.Task.IsCompleted)
        {
            // It ended before the registration was known here: let go of that too.
            Complete(true);
        }
    }

    public Task<T> Answer => answer.Task;

    public override void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        var taken = message is T reply
            ? answer.TrySetResult(reply)
            : answer.TrySetException(new InvalidCastException($"The ask expects {typeof(T).Name}, but {sender?.Path.ToString() ?? "someone"} answered {message.GetType().Name}"));
        if (!taken)
        {
            System.DeadLetterOffice.Post(new Envelope(message, sender), this, DeadLetterReasons.AskEnded);
        }

        Complete(taken);
    }

    private void TimeOut() => Complete(answer.TrySetException(new AskTimeoutException(target.Path, messageType, timeout)));

    private void Cancel(CancellationToken token) => Complete(answer.TrySetCanceled(token));

    private void Complete(bool first)
    {
        if (first)
        {
            timer?.Dispose();
            cancelled.Unregister();
            End();
        }
    }
}
