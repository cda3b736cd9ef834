using Cluster.Engine.Actors.Cells;
using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Remote;

/// <summary>A reference to an actor on another node. Its messages go out by the system's sink; its death watch by both nodes' <see cref="RemoteWatcher"/>.</summary>
internal sealed class RemoteActorRef(ActorSystem system, ActorPath path) : InternalRef
{
    public override ActorPath Path => path;

    /// <summary>The path as the other node looks it up.</summary>
    public string TargetPath { get; } = path.WithAddress(null).ToSerializationFormat(null);

    protected override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        system.SendRemote(this, message, sender);
    }

    public override void SendSystem(SystemMessage message)
    {
        switch (message)
        {
            case WatchSignal watch:
                system.TellRemoteWatcher(new RemoteWatcher.StartWatch(this, watch.Watcher));
                break;
            case UnwatchSignal unwatch:
                system.TellRemoteWatcher(new RemoteWatcher.EndWatch(this, unwatch.Watcher));
                break;
            case DeathSignal { Dead: LocalRef dead }:
                system.TellRemoteWatcher(new RemoteWatcher.LocalDeath(dead, this));
                break;
            default:
                // Life and death of an actor are its own node's business; there is nothing else to tell it.
                break;
        }
    }
}
