using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>
/// The asking side of an ask: a reference that takes one answer. It has a path, and a place where that path is found, only once someone
/// wants to know it, which is when the ask leaves the node.
/// </summary>
internal abstract class PromiseRef(ActorSystem system) : InternalRef
{
    private readonly Lock gate = new();
    private ActorPath? path;
    private bool ended;

    public override ActorPath Path
    {
        get
        {
            lock (gate)
            {
                if (path is null)
                {
                    path = system.Promises.NextPath();
                    if (!ended)
                    {
                        system.Promises.Add(this, path);
                    }
                }

                return path;
            }
        }
    }

    protected override ActorSystem System => system;

    /// <summary>Nothing here lives long enough to be watched: it counts as gone.</summary>
    public override void SendSystem(SystemMessage message)
    {
        if (message is WatchSignal watch)
        {
            watch.Watcher.SendSystem(new DeathSignal(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        }
    }

    protected void End()
    {
        lock (gate)
        {
            ended = true;
            if (path is not null)
            {
                system.Promises.Remove(path);
            }
        }
    }
}

/// <inheritdoc/>
internal sealed class PromiseRef<T> : PromiseRef
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration cancelled;
    private readonly ITimer timer;

    public PromiseRef(ActorSystem system, ActorPath target, Type messageType, TimeSpan timeout, CancellationToken cancellation)
        : base(system)
    {
        timer = system.Time.CreateTimer(
            _ => Complete(answer.TrySetException(new AskTimeoutException(target, messageType, timeout))), null, timeout, Timeout.InfiniteTimeSpan);
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
