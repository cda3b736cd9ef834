using Cluster.Engine.ControlPlane;
using Cluster.Engine.Port;

namespace Cluster.Engine.Singleton;

/// <summary>
/// The way to one singleton from one node: passes messages on to where it lives, keeps them while it is nowhere or moves, the newest up to a bound. At most
/// once, as everywhere: what is on its way to a node that dies is lost.
/// </summary>
internal sealed class SingletonProxyActor(string name, SingletonServices services) : Actor
{
    private readonly Queue<(object Message, IActorRef Sender)> waiting = new();
    private Located? located;

    protected override void PreStart()
    {
        Timers.StartPeriodic(nameof(Tick), Tick.Instance, services.Options.TickInterval);
        Look();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Tick:
                Look();
                break;
            case Located found when found.Name == name:
                Found(found);
                break;
            case Terminated terminated when terminated.Actor.Equals(located?.Singleton):
                located = null;
                Look();
                break;
            case Terminated:
                break; // Of a life that this proxy has turned from already.
            default:
                Pass(message);
                break;
        }
    }

    private void Look()
    {
        var placed = services.Views.Current.FindSingleton(name);
        if (located is not null && (placed?.Epoch != located.Epoch || !IsReachable(placed)))
        {
            Context.Unwatch(located.Singleton);
            located = null;
        }

        if (located is null && placed is not null)
        {
            services.ManagerOn(placed.Node)?.Tell(new Locate(name), Self);
        }
    }

    private void Found(Located found)
    {
        if (located is not null || services.Views.Current.FindSingleton(name)?.Epoch != found.Epoch)
        {
            return;
        }

        located = found;
        Context.Watch(found.Singleton);
        while (waiting.TryDequeue(out var next))
        {
            found.Singleton.Tell(next.Message, next.Sender);
        }
    }

    private void Pass(object message)
    {
        if (located is { } found)
        {
            found.Singleton.Tell(message, Sender);
            return;
        }

        if (waiting.Count >= services.Options.BufferSize)
        {
            var (dropped, sender) = waiting.Dequeue();
            Context.System.EventStream.Publish(new DeadLetter(dropped, sender, Self, $"singleton {name} is nowhere, and {services.Options.BufferSize} newer messages wait for it"));
        }

        waiting.Enqueue((message, Sender));
    }

    private bool IsReachable(ControlSingleton placed) => placed.Node == services.Local.Node || services.Reachability.IsReachable(placed.Node);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
