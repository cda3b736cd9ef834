using System.Collections.Concurrent;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Remoting.Actors;

/// <summary>
/// Carries actors' messages to other nodes as envelopes on <see cref="Channel.Actor"/>: at most once, in order for each pair of actors. A link that is down
/// is not a death: only membership ends a node (<see cref="ActorSystem.AddressTerminated"/>). A link that comes up has the watches of that node said again at once,
/// so that actors of a life that is over are found out without waiting.
/// </summary>
/// <remarks>Made in this order: transport, this, the actor system with <see cref="Sink"/>, <see cref="Attach"/>, then the transport is started.</remarks>
public sealed class ActorRemoting : IEnvelopeLink
{
    private readonly ITransport transport;
    private readonly IMessageCodec codec;
    private readonly ConcurrentDictionary<NodeAddress, NodeName> names = new();

    public ActorRemoting(ITransport transport, NodeName local, IMessageCodec codec)
    {
        (this.transport, this.codec) = (transport, codec);
        Address = new ActorAddress(local, transport.LocalAddress);
        Sink = new EnvelopeSink(codec, Address, this);
    }

    /// <summary>The address that the actor system must have.</summary>
    public ActorAddress Address { get; }

    /// <summary>What the actor system sends through.</summary>
    public IRemoteSink Sink { get; }

    /// <summary>From now on envelopes that come in go to that system. Before the transport starts, once.</summary>
    /// <exception cref="ArgumentException">The system has another address or another sink.</exception>
    public void Attach(ActorSystem system)
    {
        if (system.Address != Address)
        {
            throw new ArgumentException($"the actor system's address is {system.Address?.ToString() ?? "not set"}, the transport's is {Address}: give both the same", nameof(system));
        }

        var inbox = new EnvelopeInbox(system, codec);
        transport.OnFrame(Channel.Actor, (_, payload) => inbox.Deliver(payload));
        transport.OnLink(happened =>
        {
            if (happened is LinkUp { Peer: { OtherCluster: null } peer })
            {
                names[peer.Address] = peer.Name;
                system.LinkRestored(new ActorAddress(peer.Name, peer.Address));
            }
        });
    }

    public bool TrySend(ActorAddress address, ActorEnvelope envelope, out string? refusal)
    {
        if (names.TryGetValue(address.Endpoint, out var name) && name != address.Node)
        {
            // Paths on the wire do not say which node they mean: an actor of the same path on the wrong node would get the message.
            refusal = $"{address.Endpoint} is {name} now, not {address.Node}";
            return false;
        }

        if (transport.Send(address.Endpoint, Channel.Actor, envelope))
        {
            refusal = null;
            return true;
        }

        refusal = $"the link to {address} did not take it: its buffer is full, the message is too large, or the link is cut";
        return false;
    }
}
