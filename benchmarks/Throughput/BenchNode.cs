using System.Net;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Actors;
using Cluster.Engine.Remoting.Tcp;
using Cluster.Engine.Hosting;
using Cluster.Shared.Ids;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cluster.Benchmarks.Throughput;

/// <summary>An actor system with links over loopback TCP, as a node process has it, several of them in this one process. Started by its owner, once all is wired.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    public const string Cluster = "bench";

    private readonly StandaloneListener listener;
    private readonly PinnedDispatcher engine = new(NodeFoundation.EngineDispatcher);
    private readonly PinnedDispatcher disk = new(NodeFoundation.DiskDispatcher);
    private readonly PinnedDispatcher snapshots = new(NodeFoundation.SnapshotDispatcher);

    private BenchNode(StandaloneListener listener, string name, PeerIdentity? identity, MessageRegistry messages)
    {
        this.listener = listener;
        Local = new LocalNode(Cluster, identity ?? new PeerIdentity(NodeName.Parse(name), listener.Address, NodeId.None, new Incarnation(1), Guid.NewGuid()));
        Transport = new TcpTransport(Local, new RemotingOptions(), TimeProvider.System, new Random(7), NullLogger<TcpTransport>.Instance) { Writers = engine };
        var remoting = new ActorRemoting(Transport, NodeName.Parse(name), messages);
        System = new ActorSystem(name, new ActorSystemOptions
        {
            Address = remoting.Address,
            RemoteSink = remoting.Sink,
            Dispatchers = new Dictionary<string, IDispatcher> { [NodeFoundation.EngineDispatcher] = engine, [NodeFoundation.DiskDispatcher] = disk, [NodeFoundation.SnapshotDispatcher] = snapshots, [NodeFoundation.JournalDispatcher] = snapshots },
        });
        remoting.Attach(System);
    }

    public LocalNode Local { get; }

    public TcpTransport Transport { get; }

    public ActorSystem System { get; }

    public static Task<StandaloneListener> ListenAsync() => StandaloneListener.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), NullLoggerFactory.Instance);

    public static BenchNode Create(StandaloneListener listener, string name, MessageRegistry messages, PeerIdentity? identity = null) => new(listener, name, identity, messages);

    /// <summary>Takes connections from now on.</summary>
    public void Serve() => listener.Serve(Transport);

    public string PathOf(string actor) => $"cluster://{System.Address}/user/{actor}";

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        await listener.DisposeAsync();
        await System.TerminateAsync();
    }
}
