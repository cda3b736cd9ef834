using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>An actor whose hooks a test writes in place, and whose inside a test may reach.</summary>
internal sealed class TestActor : Actor
{
    private readonly Hooks hooks;

    private TestActor(Hooks hooks)
    {
        this.hooks = hooks;
        hooks.Constructed?.Invoke(this);
    }

    public new IActorContext Context => base.Context;

    public new IActorRef Self => base.Self;

    public new IActorRef Sender => base.Sender;

    public new IStash Stash => base.Stash;

    public new ITimers Timers => base.Timers;

    /// <summary>State that only a new instance forgets.</summary>
    public int Counter { get; set; }

    protected override SupervisorStrategy SupervisorStrategy => hooks.Strategy ?? base.SupervisorStrategy;

    public static Props Props(Action<TestActor, object> receive) => Props(new Hooks { Receive = receive });

    public static Props Props(Hooks hooks) => Engine.Port.Props.Create(() => new TestActor(hooks));

    public new void Become(Action<object> receive) => base.Become(receive);

    public new void BecomeStacked(Action<object> receive) => base.BecomeStacked(receive);

    public new void UnbecomeStacked() => base.UnbecomeStacked();

    public new void Unhandled(object message) => base.Unhandled(message);

    protected override void Receive(object message) => hooks.Receive(this, message);

    protected override void PreStart() => hooks.PreStart?.Invoke(this);

    protected override void PostStop() => hooks.PostStop?.Invoke(this);

    protected override void PreRestart(Exception reason, object? message)
    {
        hooks.PreRestart?.Invoke(this, reason, message);
        if (!hooks.KeepsChildren)
        {
            base.PreRestart(reason, message);
        }
    }

    internal sealed class Hooks
    {
        public Action<TestActor, object> Receive { get; init; } = (_, _) => { };

        public Action<TestActor>? Constructed { get; init; }

        public Action<TestActor>? PreStart { get; init; }

        public Action<TestActor>? PostStop { get; init; }

        public Action<TestActor, Exception, object?>? PreRestart { get; init; }

        public bool KeepsChildren { get; init; }

        public SupervisorStrategy? Strategy { get; init; }
    }
}
