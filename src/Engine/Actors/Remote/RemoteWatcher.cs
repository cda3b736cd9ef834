using Cluster.Engine.Actors.Cells;
using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Remote;

/// <summary>
/// Death watch across nodes, one actor a node. It speaks to its like on the other node for all watchers here, and answers for all watchees here.
/// A watch is repeated until an end is known, so a lost message delays a <see cref="Terminated"/> and does not lose it;
/// a node that is declared gone ends all watches of it at once.
/// </summary>
internal sealed class RemoteWatcher(ActorSystem system) : Actor
{
    public const string Name = "remote-watcher";

    private static readonly ActorPath OwnPath = ActorPath.Root.Child("system").Child(Name);

    /// <summary>Watches of actors elsewhere by actors here.</summary>
    private readonly InsertionOrdered<(InternalRef Watchee, InternalRef Watcher), Watch> watches = new();

    /// <summary>Watches of actors here by actors elsewhere.</summary>
    private readonly InsertionOrdered<(InternalRef Watchee, InternalRef Watcher), bool> accepted = new();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case StartWatch start:
                Start(start);
                break;
            case EndWatch end when watches.TryGetValue((end.Watchee, end.Watcher), out var watch):
                Remove(watch);
                SendTo(end.Watchee.Path.Address!, new UnwatchRemote(watch.WatcheePath, end.Watcher.WirePath));
                break;
            case EndWatch:
                break;
            case LocalDeath death:
                accepted.Remove((death.Dead, death.Watcher));
                SendTo(death.Watcher.Path.Address!, new TerminatedRemote(death.Dead.WirePath, death.Watcher.WirePath, ExistenceConfirmed: true));
                break;
            case AddressGone gone:
                Forget(gone.Address);
                break;
            case RepeatWatches:
                foreach (var (_, watch) in watches.ToArray())
                {
                    Ask(watch);
                }

                break;
            case AddressBack back:
                foreach (var (pair, watch) in watches.ToArray())
                {
                    if (pair.Watchee.Path.Address == back.Address)
                    {
                        Ask(watch);
                    }
                }

                break;
            default:
                ReceiveFromElsewhere(message);
                break;
        }
    }

    private void ReceiveFromElsewhere(object message)
    {
        switch (message)
        {
            case WatchRemote watch when Elsewhere(watch.Watcher) is { } watcher:
                Accept(watch, watcher);
                break;
            case UnwatchRemote unwatch when Elsewhere(unwatch.Watcher) is { } watcher && Here(unwatch.Watchee) is { } watchee:
                accepted.Remove((watchee, watcher));
                watchee.SendSystem(new UnwatchSignal(watchee, watcher));
                break;
            case UnwatchRemote:
                break;
            case WatchAccepted reply when Find(reply.Watchee, reply.Watcher) is { } watch:
                watch.Uid = reply.Uid;
                break;
            case TerminatedRemote reply when Find(reply.Watchee, reply.Watcher) is { } watch:
                Fire(watch, reply.ExistenceConfirmed, addressTerminated: false);
                break;
            case WatchAccepted or TerminatedRemote:
                // The watch has been taken back meanwhile.
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Start(StartWatch start)
    {
        var watch = new Watch(start.Watchee, start.Watcher);
        if (watches.TryAdd((start.Watchee, start.Watcher), watch))
        {
            Ask(watch);
            if (!Timers.IsActive(nameof(RepeatWatches)))
            {
                Timers.StartPeriodic(nameof(RepeatWatches), RepeatWatches.Instance, system.Options.WatchRepeatInterval);
            }
        }
    }

    private void Accept(WatchRemote watch, RemoteActorRef watcher)
    {
        if (Here(watch.Watchee) is { } watchee)
        {
            accepted.TryAdd((watchee, watcher), true);
            watchee.SendSystem(new WatchSignal(watchee, watcher));
            SendTo(watcher.Path.Address!, new WatchAccepted(watch.Watchee, watch.Watcher, watchee.Path.Uid));
        }
        else
        {
            SendTo(watcher.Path.Address!, new TerminatedRemote(watch.Watchee, watch.Watcher, ExistenceConfirmed: false));
        }
    }

    private void Forget(ActorAddress address)
    {
        foreach (var ((watchee, _), watch) in watches.ToArray())
        {
            if (watchee.Path.Address == address)
            {
                Fire(watch, existenceConfirmed: false, addressTerminated: true);
            }
        }

        foreach (var (pair, _) in accepted.ToArray())
        {
            if (pair.Watcher.Path.Address == address)
            {
                accepted.Remove(pair);
                pair.Watchee.SendSystem(new UnwatchSignal(pair.Watchee, pair.Watcher));
            }
        }
    }

    private void Fire(Watch watch, bool existenceConfirmed, bool addressTerminated)
    {
        Remove(watch);
        watch.Watcher.SendSystem(new DeathSignal(watch.Watchee, existenceConfirmed, addressTerminated));
    }

    private void Remove(Watch watch)
    {
        watches.Remove((watch.Watchee, watch.Watcher));
        if (watches.Count == 0)
        {
            Timers.Cancel(nameof(RepeatWatches));
        }
    }

    private void Ask(Watch watch) => SendTo(watch.Watchee.Path.Address!, new WatchRemote(watch.WatcheePath, watch.Watcher.WirePath));

    private void SendTo(ActorAddress address, object message) => new RemoteActorRef(system, OwnPath.WithAddress(address)).Tell(message, Self);

    private LocalRef? Here(string path) =>
        ActorPath.TryParse(path, out var parsed) && system.Resolve(parsed) is LocalRef { Cell.IsStopped: false } local ? local : null;

    private RemoteActorRef? Elsewhere(string path) => ActorPath.TryParse(path, out var parsed) ? system.Resolve(parsed) as RemoteActorRef : null;

    /// <summary>The watch that an answer belongs to: of exactly this life, or of whichever life was there, if it was this one.</summary>
    private Watch? Find(string watchee, string watcher)
    {
        if (Elsewhere(watchee) is not { } remote || Here(watcher) is not { } local)
        {
            return null;
        }

        if (watches.TryGetValue((remote, local), out var exact))
        {
            return exact;
        }

        var unbound = new RemoteActorRef(system, remote.Path.WithUid(0));
        return watches.TryGetValue((unbound, local), out var watch) && (watch.Uid == 0 || watch.Uid == remote.Path.Uid) ? watch : null;
    }

    internal sealed record StartWatch(RemoteActorRef Watchee, InternalRef Watcher);

    internal sealed record EndWatch(RemoteActorRef Watchee, InternalRef Watcher);

    /// <summary>An actor here ended that an actor elsewhere watches.</summary>
    internal sealed record LocalDeath(LocalRef Dead, RemoteActorRef Watcher);

    internal sealed record AddressGone(ActorAddress Address);

    internal sealed record AddressBack(ActorAddress Address);

    private sealed class RepeatWatches
    {
        public static readonly RepeatWatches Instance = new();
    }

    private sealed class Watch(InternalRef watchee, InternalRef watcher)
    {
        public InternalRef Watchee { get; } = watchee;

        public InternalRef Watcher { get; } = watcher;

        /// <summary>Which life is watched, once the other node has said so.</summary>
        public long Uid { get; set; } = watchee.Path.Uid;

        public string WatcheePath => Watchee.Path.WithUid(Uid).ToSerializationFormat(null);
    }
}
