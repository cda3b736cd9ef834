using System.Collections.Concurrent;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Federation;

/// <summary>The embedded engine's federation on one node: links to every contact of every other cluster, on the same transport and under the same link faults as those within the cluster.</summary>
internal sealed class ClusterFederation : IFederation
{
    private readonly ActorSystem system;
    private readonly LocalNode local;
    private readonly ITransport transport;
    private readonly IMessageCodec codec;
    private readonly Lock gate = new();
    private readonly List<ContactBook> others;
    private readonly ConcurrentDictionary<string, IActorRef> services = new(StringComparer.Ordinal);

    public ClusterFederation(ActorSystem system, LocalNode local, ITransport transport, IMessageCodec codec)
    {
        (this.system, this.local, this.transport, this.codec) = (system, local, transport, codec);
        others = [.. local.Federated.OrderBy(cluster => cluster.Name, StringComparer.Ordinal).Select(cluster => new ContactBook(cluster))];
        Others = [.. others.Select(cluster => cluster.Name)];
    }

    public string Cluster => local.Cluster;

    public IReadOnlyList<string> Others { get; }

    public void Register(string service, IActorRef actor) => services[service] = actor;

    public bool Tell(string cluster, string service, object message)
    {
        NodeAddress? contact;
        lock (gate)
        {
            contact = others.Find(other => other.Name == cluster)?.Next();
        }

        if (contact is not { } to)
        {
            return false;
        }

        var isSent = TrySend(to, service, message, out var why);
        if (why is not null)
        {
            system.DeadLetterOffice.Post(new Envelope(message, null), system.DeadLetterOffice, why);
        }

        return isSent;
    }

    /// <summary>Dials every contact, and again whenever its link is lost. Once the transport has started.</summary>
    public void Connect()
    {
        foreach (var contact in others.SelectMany(cluster => cluster.Contacts))
        {
            transport.Connect(contact);
        }
    }

    /// <summary>On the transport's own loops.</summary>
    public void OnLink(LinkEvent happened)
    {
        lock (gate)
        {
            foreach (var cluster in others)
            {
                cluster.Note(happened.Address, happened is LinkUp { Peer.OtherCluster: { } name } && name == cluster.Name);
            }
        }
    }

    /// <summary>A frame of another node, on the link's read loop. One of this cluster's own nodes has nothing to say here.</summary>
    public void Receive(PeerIdentity from, FederationFrame frame)
    {
        if (from.OtherCluster is not { } cluster)
        {
            return;
        }

        var sender = new ForeignRef(system, this, new ActorAddress(from.Name, from.Address), frame.Service);
        if (!services.TryGetValue(frame.Service, out var service))
        {
            system.DeadLetters.Tell(new DeadLetter(frame, sender, system.DeadLetters, "no actor is registered by that name for other clusters"));
        }
        else if (codec.TryDecode(new EncodedMessage(frame.Type, frame.Version, frame.Payload.Memory), out var message, out var error))
        {
            service.Tell(new FromCluster(cluster, message), sender);
        }
        else
        {
            system.DeadLetters.Tell(new DeadLetter(new UndecodableMessage(frame.Type, frame.Version, frame.Payload.Length, error), sender, service, "the message from another cluster could not be read"));
        }
    }

    /// <param name="why">What is wrong with the message itself, which no other contact would take either; null where nothing is. Whoever sends it says so: a peer that waits for it would wait for ever, and nobody know why.</param>
    internal bool TrySend(NodeAddress to, string service, object message, out string? why) =>
        codec.TryEncode(message, out var encoded, out why)
        && transport.Send(to, Channel.Federation, new FederationFrame { Service = service, Type = encoded.Type, Version = encoded.Version, Payload = UnsafeByteOperations.UnsafeWrap(encoded.Payload) });
}
