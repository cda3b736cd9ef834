using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation;

/// <summary>One node of a <see cref="SimulatedCluster"/>: its disk lives as long as the cluster, its process from a start to a crash.</summary>
public sealed class SimulatedNode
{
    private readonly SimulatedCluster cluster;
    private readonly EngineOptions options;
    private Life? life;

    internal SimulatedNode(SimulatedCluster cluster, EngineOptions options) => (this.cluster, this.options) = (cluster, options);

    public NodeName Name => options.Name;

    public MemoryDisk Disk { get; } = new();

    public bool IsRunning => life is { IsAlive: true };

    /// <summary>The running node.</summary>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public EmbeddedNode Engine => life is { IsAlive: true } ? life.Engine : throw new InvalidOperationException($"{Name} is not running");

    /// <summary>Why the process ended itself; null when it did not.</summary>
    public string? Fatal { get; private set; }

    /// <summary>What it said, and at what virtual time.</summary>
    public List<(TimeSpan At, string Words)> Said { get; } = [];

    internal void Start()
    {
        if (IsRunning)
        {
            return;
        }

        life = new Life(this);
        life.Engine.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The process is killed. What was not flushed survives, as the machine lives on.</summary>
    public void Kill()
    {
        End();
        Disk.Kill();
    }

    /// <summary>The machine loses power: the seed decides what of the unflushed survives.</summary>
    public void LosePower()
    {
        End();
        Disk.Crash(cluster.Random.Next());
    }

    private void End()
    {
        cluster.Network.Crash(options.Address);
        if (life is not null)
        {
            life.IsAlive = false;
        }
    }

    private void Say(string words) => Said.Add((cluster.Time.Elapsed(), words));

    /// <summary>A process: everything that is gone with it.</summary>
    private sealed class Life : IDispatcher
    {
        private readonly SimulatedCluster cluster;

        public Life(SimulatedNode node)
        {
            cluster = node.cluster;
            var random = new Random(cluster.Random.Next());
            var data = DataDirectory.Open(node.Disk, node.options.Cluster, node.Name, "the simulator", new Guid(cluster.Random.Next(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
            var local = new LocalNode(node.options.Cluster, new PeerIdentity(node.Name, node.options.Address, data.Identity.NodeId, data.Identity.Incarnation, data.Identity.Uid));
            var system = new ActorSystem(node.Name.ToString(), new ActorSystemOptions
            {
                Time = cluster.Time,
                Random = random,
                Dispatcher = this,
                Dispatchers = new Dictionary<string, IDispatcher> { [NodeFoundation.DiskDispatcher] = this, [NodeFoundation.SnapshotDispatcher] = this },
                FailureLog = failed => node.Say(failed.ToString()),
            });
            var transport = cluster.Network.Add(local, new RemotingOptions(), new Random(cluster.Random.Next()));
            Engine = new EmbeddedNode(node.options, new NodeFoundation(data, local, transport, system)
            {
                Say = node.Say,
                Fatal = why =>
                {
                    node.Fatal = why;
                    node.End();
                },
            });
        }

        public EmbeddedNode Engine { get; }

        public bool IsAlive { get; set; } = true;

        /// <summary>A dead process runs nothing more, not even what was scheduled.</summary>
        public void Schedule(IThreadPoolWorkItem item) => cluster.Actors.Schedule(new WhileAlive(this, item));

        public Task ShutdownAsync() => Task.CompletedTask;

        private sealed class WhileAlive(Life life, IThreadPoolWorkItem item) : IThreadPoolWorkItem
        {
            public void Execute()
            {
                if (life.IsAlive)
                {
                    item.Execute();
                }
            }
        }
    }
}
