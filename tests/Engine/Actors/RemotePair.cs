using System.Buffers;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Two systems in one thread, joined by bytes in memory; a test may lose messages on the way.</summary>
internal sealed class RemotePair : IEnvelopeLink
{
    private readonly Dictionary<ActorAddress, (ActorSystem System, EnvelopeInbox Inbox)> nodes = [];

    public RemotePair()
    {
        A = StartNode("n1", 4053, 1);
        B = StartNode("n2", 4054, 2);
    }

    public VirtualTime Time { get; } = new();

    public ManualDispatcher Dispatcher { get; } = new();

    public MessageRegistry Registry { get; } = new();

    public ActorSystem A { get; }

    public ActorSystem B { get; private set; }

    /// <summary>Loses what it says true for.</summary>
    public Func<ActorEnvelope, bool> Loses { get; set; } = _ => false;

    public List<string> Sent { get; } = [];

    public bool TrySend(ActorAddress address, ActorEnvelope envelope, out string? refusal)
    {
        refusal = null;
        if (!nodes.TryGetValue(address, out var node))
        {
            refusal = $"no route to {address}";
            return false;
        }

        Sent.Add(envelope.Type);
        if (!Loses(envelope))
        {
            node.Inbox.Deliver(new ReadOnlySequence<byte>(envelope.ToByteArray()));
        }

        return true;
    }

    /// <summary>A new process behind the same address: all actors of the old one are gone without a word.</summary>
    public void ReplaceB() => B = StartNode("n2", 4054, 3);

    public EnvelopeInbox InboxOf(ActorSystem system) => nodes[system.Address!].Inbox;

    public void Settle() => Dispatcher.RunUntilIdle(100_000);

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds), Settle);

    /// <summary>What the other node calls this actor.</summary>
    public static string Wire(IActorRef actor, ActorSystem home) => actor.Path.ToSerializationFormat(home.Address);

    private ActorSystem StartNode(string name, int port, int seed)
    {
        var address = new ActorAddress(NodeName.Parse(name), new NodeAddress("127.0.0.1", port));
        var system = new ActorSystem(name, new ActorSystemOptions
        {
            Time = Time,
            Dispatcher = Dispatcher,
            Random = new Random(seed),
            Address = address,
            RemoteSink = new EnvelopeSink(Registry, address, this),
        });
        nodes[address] = (system, new EnvelopeInbox(system, Registry));
        return system;
    }
}
