namespace Cluster.Engine.Port;

/// <summary>
/// The base of every actor. It handles one message at a time, synchronously, never on two threads at once, so its fields need no lock;
/// what it waits for is another message. A failure is its parent's to judge.
/// </summary>
public abstract class Actor
{
    private Action<object> behavior;
    private Stack<Action<object>>? beneath;

    /// <exception cref="InvalidOperationException">The actor was made by hand and not by <c>ActorOf</c>.</exception>
    protected Actor()
    {
        Context = ActorLife.TakeContext()
            ?? throw new InvalidOperationException($"{GetType().Name} was made outside an actor system: start it with ActorOf(Props.Create(() => new ...))");
        behavior = Receive;
    }

    /// <summary>How this actor judges its children's failures. Settings of <see cref="Props.WithSupervisorStrategy"/> come first.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Default;

    protected IActorContext Context { get; }

    protected IActorRef Self => Context.Self;

    /// <inheritdoc cref="IActorContext.Sender"/>
    protected IActorRef Sender => Context.Sender;

    protected IStash Stash => Context.Stash;

    protected ITimers Timers => Context.Timers;

    /// <summary>Handles one message, until <see cref="Become"/> says otherwise. Call <see cref="Unhandled"/> for what is not known.</summary>
    protected abstract void Receive(object message);

    /// <summary>Runs before the first message, and after a restart unless <see cref="PostRestart"/> is overridden.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Runs after the last message, and before a restart unless <see cref="PreRestart"/> is overridden.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Runs on the failed instance: by default it stops all children, then does what <see cref="PostStop"/> does.</summary>
    /// <param name="message">The message that failed, if it was one.</param>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        foreach (var child in Context.Children)
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs on the new instance.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Handles all further messages by <paramref name="receive"/>; what was stacked before is forgotten.</summary>
    protected void Become(Action<object> receive)
    {
        beneath = null;
        behavior = receive;
    }

    /// <summary>Handles further messages by <paramref name="receive"/> until <see cref="UnbecomeStacked"/>.</summary>
    protected void BecomeStacked(Action<object> receive)
    {
        (beneath ??= new Stack<Action<object>>()).Push(behavior);
        behavior = receive;
    }

    /// <summary>Goes back to what was before the last <see cref="BecomeStacked"/>; with nothing stacked, to <see cref="Receive"/>.</summary>
    protected void UnbecomeStacked() => behavior = beneath is { Count: > 0 } ? beneath.Pop() : Receive;

    /// <summary>Publishes the message as <see cref="UnhandledMessage"/>.</summary>
    /// <exception cref="DeathPactException">The message is <see cref="Terminated"/>: who watches must say what it does about an end.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.Actor);
        }

        Context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    internal IActorContext OwnContext => Context;

    internal SupervisorStrategy OwnStrategy => SupervisorStrategy;

    internal void Dispatch(object message) => behavior(message);

    internal void CallPreStart() => PreStart();

    internal void CallPostStop() => PostStop();

    internal void CallPreRestart(Exception reason, object? message) => PreRestart(reason, message);

    internal void CallPostRestart(Exception reason) => PostRestart(reason);
}
