using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Actors.Remote;

/// <summary>Carries actor envelopes on the transport's actor channel, interactive lane: so they share fate, order and faults with everything else between two nodes.</summary>
public sealed class TransportLink(ITransport transport) : IEnvelopeLink
{
    /// <summary>Hands what comes in to an actor system. Before the transport starts.</summary>
    public void DeliverTo(EnvelopeInbox inbox) => transport.OnFrame(Channel.Actor, (_, payload) => inbox.Deliver(payload));

    public bool TrySend(ActorAddress address, ActorEnvelope envelope, out string? refusal)
    {
        var taken = transport.Send(address.Endpoint, Channel.Actor, envelope);
        refusal = taken ? null : $"the link to {address} did not take it: cut, full, or closed";
        return taken;
    }
}
