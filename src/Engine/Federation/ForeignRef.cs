using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Federation;

/// <summary>Whoever is registered by a name on one node of another cluster. It cannot be watched: of another cluster's deaths nothing is known, so it counts as gone to whoever tries.</summary>
internal sealed class ForeignRef(ActorSystem system, ClusterFederation federation, ActorAddress node, string service) : InternalRef
{
    public override ActorPath Path => ActorPath.Parse($"/receptionist/{service}").WithAddress(node);

    protected override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!federation.TrySend(node.Endpoint, service, message, out var why))
        {
            system.DeadLetterOffice.Post(new Envelope(message, sender), this, why ?? "the link to another cluster's node did not take it");
        }
    }

    public override void SendSystem(SystemMessage message)
    {
        if (message is WatchSignal watch)
        {
            watch.Watcher.SendSystem(new DeathSignal(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        }
    }
}
