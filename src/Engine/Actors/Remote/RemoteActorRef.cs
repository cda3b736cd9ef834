using Cluster.Engine.Actors.Cells;
using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Remote;

/// <summary>A reference to an actor on another node. Its messages go out by the system's sink; its death watch by both nodes' <see cref="RemoteWatcher"/>.</summary>
internal sealed class RemoteActorRef : InternalRef
{
    private readonly ActorSystem system;
    private ActorPath? path;

    public RemoteActorRef(ActorSystem system, ActorPath path)
    {
        (this.system, this.path) = (system, path);
        Address = path.Address!;
        TargetPath = path.WithAddress(null).ToSerializationFormat(null);
    }

    /// <summary>For what is answered once and forgotten: a path that is known to be one, and is taken apart only if somebody asks.</summary>
    public RemoteActorRef(ActorSystem system, ActorAddress address, string targetPath) => (this.system, Address, TargetPath) = (system, address, targetPath);

    public override ActorPath Path => path ??= ActorPath.Parse(TargetPath).WithAddress(Address);

    /// <summary>Its node.</summary>
    public ActorAddress Address { get; }

    /// <summary>The path as the other node looks it up.</summary>
    public string TargetPath { get; }

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
