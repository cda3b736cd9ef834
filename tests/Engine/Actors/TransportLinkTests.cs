using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Simulation;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Two actor systems over the transport's own contract, with its handshake and its cuts, in one thread.</summary>
public sealed class TransportLinkTests
{
    private readonly VirtualTime time = new();
    private readonly ManualDispatcher dispatcher = new();
    private readonly Queue<Action> network = new();
    private readonly LoopbackNetwork loopback;
    private readonly MessageRegistry registry = new MessageRegistry().Register("test.greet", 1, RemoteMessagesJson.Default.Greet);
    private readonly ActorSystem a;
    private readonly ActorSystem b;
    private readonly List<object> received = [];

    public TransportLinkTests()
    {
        loopback = new LoopbackNetwork(time, network.Enqueue);
        a = Start("n1", 1);
        b = Start("n2", 2);
    }

    [Fact]
    public async Task An_ask_crosses_a_transport()
    {
        b.ActorOf(TestActor.Props((self, message) => self.Sender.Tell(message)), "echo");
        var ask = a.Resolve("cluster://n2@127.0.0.1:2/user/echo").Ask<Greet>(new Greet("hi"), TimeSpan.FromSeconds(5));
        Advance(1);
        Assert.Equal(new Greet("hi"), await ask);
    }

    [Fact]
    public void Many_messages_of_one_actor_keep_their_order()
    {
        b.ActorOf(TestActor.Props((_, message) => received.Add(message)), "sink");
        var sink = a.Resolve("cluster://n2@127.0.0.1:2/user/sink");
        for (var i = 0; i < 1000; i++)
        {
            sink.Tell(new Greet($"{i}"));
        }

        Advance(1);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => new Greet($"{i}")), received);
    }

    [Fact]
    public void An_end_behind_a_cut_is_told_after_it_is_healed()
    {
        var watched = b.ActorOf(TestActor.Props((_, _) => { }), "watched");
        a.ActorOf(TestActor.Props(new TestActor.Hooks
        {
            PreStart = self => self.Context.Watch(a.Resolve("cluster://n2@127.0.0.1:2/user/watched")),
            Receive = (_, message) => received.Add(message),
        }));
        Advance(1);
        NodeAddress[] one = [a.Address!.Endpoint], other = [b.Address!.Endpoint];
        loopback.Partition(one, other);
        watched.Tell(PoisonPill.Instance);
        Advance(60);
        Assert.Empty(received);
        loopback.Heal();
        Advance(10);
        Assert.IsType<Terminated>(Assert.Single(received));
    }

    private ActorSystem Start(string name, int port)
    {
        var endpoint = new NodeAddress("127.0.0.1", port);
        var identity = new PeerIdentity(NodeName.Parse(name), endpoint, NodeId.None, new Incarnation(1), new Guid(port, 0, 0, new byte[8]));
        var transport = loopback.Add(new LocalNode("test", identity), new RemotingOptions(), new Random(port));
        var link = new TransportLink(transport);
        var address = new ActorAddress(identity.Name, endpoint);
        var system = new ActorSystem(name, new ActorSystemOptions
        {
            Time = time,
            Dispatcher = dispatcher,
            Random = new Random(port),
            Address = address,
            RemoteSink = new EnvelopeSink(registry, address, link),
        });
        link.DeliverTo(new EnvelopeInbox(system, registry));
        transport.StartAsync();
        return system;
    }

    private void Advance(double seconds) => time.Advance(TimeSpan.FromSeconds(seconds), Settle);

    private void Settle()
    {
        do
        {
            dispatcher.RunUntilIdle(100_000);
            while (network.TryDequeue(out var action))
            {
                action();
            }
        }
        while (!dispatcher.IsIdle);
    }
}
