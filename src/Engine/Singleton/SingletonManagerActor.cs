using Cluster.Engine.ControlPlane;
using Cluster.Engine.Port;

namespace Cluster.Engine.Singleton;

/// <summary>
/// Runs the singletons that are placed on this node, as its children, for as long as their leases hold; hands them over to the next node; tells proxies where
/// they are. The shell round one <see cref="SingletonCore"/> for each name that the node offers.
/// </summary>
internal sealed class SingletonManagerActor(SingletonServices services) : Actor
{
    private readonly SortedDictionary<string, Hosted> hosted = new(StringComparer.Ordinal);
    private TimeSpan nextRenewal;
    private bool renewing;

    private TimeSpan Now => Context.System.Time.Elapsed();

    protected override void PreStart() => Timers.StartPeriodic(nameof(Tick), Tick.Instance, services.Options.TickInterval);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Tick:
                Look();
                break;
            case Offered offered:
                hosted.TryAdd(offered.Name, new Hosted(offered.Name, offered.Props, services.Options));
                break;
            case LeaseAnswered answered:
                OnLease(answered);
                break;
            case Terminated terminated:
                OnStopped(terminated.Actor);
                break;
            case HandOver asked:
                OnHandOver(asked);
                break;
            case HandedOver handed when hosted.TryGetValue(handed.Name, out var singleton):
                singleton.Core.HandedOver(handed.Epoch, handed.Clean);
                Step(singleton);
                break;
            case Locate asked:
                OnLocate(asked);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Look()
    {
        var view = services.Views.Current;
        foreach (var singleton in hosted.Values)
        {
            var placed = view.FindSingleton(singleton.Name);
            singleton.Core.Placed(placed, placed is not null && placed.Node == services.Local.Node, Now);
            Step(singleton);
        }

        RenewWhenDue();
    }

    private void Step(Hosted singleton)
    {
        switch (singleton.Core.Step(Now))
        {
            case StartSingleton start:
                Start(singleton, start);
                break;
            case StopSingleton:
                services.Log($"singleton {singleton.Name} stops here (epoch {singleton.Core.Running})");
                Context.Stop(singleton.Actor!);
                break;
            case AskHandOver ask:
                services.ManagerOn(ask.Node)?.Tell(new HandOver(singleton.Name, ask.Epoch, ask.From), Self);
                break;
            default:
                break;
        }

        AnswerAskers(singleton);
    }

    private void Start(Hosted singleton, StartSingleton start)
    {
        var time = Context.System.Time;
        var told = new SingletonContext(singleton.Name, start.Epoch, () => start.Lease.Holds(time.Elapsed()));
        Props props;
        try
        {
            props = singleton.Props(told);
        }
        catch (Exception failed)
        {
            services.Log($"singleton {singleton.Name} cannot start here (epoch {start.Epoch}): its props failed: {failed.Message}");
            singleton.Core.Stopped();
            return;
        }

        singleton.Actor = Context.Watch(Context.ActorOf(props, singleton.Name));
        services.Observer?.Begins(singleton.Name, start.Epoch, start.Lease);
        services.Log($"singleton {singleton.Name} runs here (epoch {start.Epoch})");
    }

    private void OnStopped(IActorRef actor)
    {
        foreach (var singleton in hosted.Values)
        {
            if (actor.Equals(singleton.Actor))
            {
                singleton.Actor = null;
                services.Observer?.Ends(singleton.Name);
                singleton.Core.Stopped(); // If it stopped of itself and is still wanted, the next tick starts it anew.
                AnswerAskers(singleton);
            }
        }
    }

    private void OnHandOver(HandOver asked)
    {
        if (!hosted.TryGetValue(asked.Name, out var singleton))
        {
            return; // Another life of this node may have had it: nothing can be said for that one; the asker waits its lease out.
        }

        singleton.Core.GiveUp(asked.Epoch);
        singleton.Asker = (Sender, asked);
        Step(singleton);
    }

    private void AnswerAskers(Hosted singleton)
    {
        if (singleton.Asker is { } asker && singleton.Core.Running == 0)
        {
            singleton.Asker = null;
            asker.Ref.Tell(new HandedOver(singleton.Name, asker.Asked.Epoch, singleton.Core.WasCleared(asker.Asked.From)), Self);
        }
    }

    private void OnLocate(Locate asked)
    {
        if (hosted.TryGetValue(asked.Name, out var singleton) && singleton is { Actor: { } actor, Core.IsStopping: false })
        {
            Sender.Tell(new Located(asked.Name, singleton.Core.Running, actor), Self);
        }
    }

    private void RenewWhenDue()
    {
        var now = Now;
        if (renewing || now < nextRenewal || !hosted.Values.Any(singleton => singleton.Core.WantsLease))
        {
            return;
        }

        (renewing, nextRenewal) = (true, now + services.Options.RenewInterval);
        var self = Self;
        _ = AskAsync();

        async Task AskAsync()
        {
            var placements = await services.Control.SingletonsAsync(services.Options.Lease).ConfigureAwait(false);
            self.Tell(new LeaseAnswered(now, placements));
        }
    }

    private void OnLease(LeaseAnswered answered)
    {
        renewing = false;
        foreach (var placed in answered.Placements ?? [])
        {
            if (placed.Node == services.Local.Node && hosted.TryGetValue(placed.Name, out var singleton))
            {
                singleton.Core.Granted(placed.Epoch, answered.Asked);
                Step(singleton);
            }
        }
    }

    internal sealed record Offered(string Name, Func<SingletonContext, Props> Props);

    /// <param name="Placements">Null when no confirmed leader answered.</param>
    private sealed record LeaseAnswered(TimeSpan Asked, IReadOnlyList<ControlSingleton>? Placements);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Hosted(string name, Func<SingletonContext, Props> props, SingletonOptions options)
    {
        public string Name { get; } = name;

        public Func<SingletonContext, Props> Props { get; } = props;

        public SingletonCore Core { get; } = new(options);

        public IActorRef? Actor { get; set; }

        /// <summary>Who has it next and waits for this node to stop it.</summary>
        public (IActorRef Ref, HandOver Asked)? Asker { get; set; }
    }
}
