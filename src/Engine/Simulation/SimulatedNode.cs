using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Actors;
using Cluster.Engine.Remoting.Faults;
using Cluster.Engine.Remoting.Recording;
using Cluster.Engine.Simulation.Safety;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation;

/// <summary>One node of a <see cref="SimulatedCluster"/>: its disk lives as long as the cluster, its process from a start to a crash.</summary>
public sealed class SimulatedNode
{
    private readonly SimulatedCluster cluster;
    private readonly EngineOptions options;
    private readonly NodeWitness witness;
    private readonly SafetyOracle safety;
    private readonly ulong traceId;
    private long faultsBefore;
    private Life? life;

    internal SimulatedNode(SimulatedCluster cluster, EngineOptions options, int number)
    {
        (this.cluster, this.options, traceId) = (cluster, options, (ulong)number);
        var durable = new DurableLog(options.Log.Folder);
        safety = cluster.SafetyOf(number);
        witness = new NodeWitness(safety, this, durable);
        Disk.Witness = new NodeDiskWitness(durable, cluster.Trace, traceId);
        Recorder = new MessageRecorder(options.Name, cluster.Time, new RecordingOptions());
    }

    public NodeName Name => options.Name;

    public NodeAddress Address => options.Address;

    public MemoryDisk Disk { get; } = new();

    /// <summary>How fast its clock runs, from now on: 1 is right. Whatever it is set to, the clock never goes back.</summary>
    public double ClockRate
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, 0);
            field = value;
            if (life is { IsAlive: true })
            {
                life.Clock.Rate = value;
            }
        }
    } = 1;

    /// <summary>How far off its time of day is, from now on. It may be set forward or back; timeouts do not go by it.</summary>
    public TimeSpan ClockOffset
    {
        get;
        set
        {
            field = value;
            if (life is { IsAlive: true })
            {
                life.Clock.Offset = value;
            }
        }
    }

    /// <summary>Records this node's messages in virtual time, once it is started; unlike a process's, it outlives a crash.</summary>
    public MessageRecorder Recorder { get; }

    public bool IsRunning => life is { IsAlive: true };

    /// <summary>The running node.</summary>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public EmbeddedNode Engine => life is { IsAlive: true } ? life.Engine : throw new InvalidOperationException($"{Name} is not running");

    /// <summary>Why the process ended itself; null when it did not.</summary>
    public string? Fatal { get; private set; }

    /// <summary>What it said, and at what virtual time.</summary>
    public List<(TimeSpan At, string Words)> Said { get; } = [];

    /// <summary>How long each write of the log, and each step of a snapshot, waits for the disk before it happens.</summary>
    public TimeSpan DiskLatency { get; set; }

    /// <summary>What its own clock says has passed, while it runs.</summary>
    internal TimeSpan LocalNow => life!.Clock.Elapsed();

    /// <summary>Whether its disk has failed it in this life, or ever lost what it had said to keep: what it ends for then is no bug.</summary>
    internal bool HasDiskTrouble => Disk.BrokeItsWord || Disk.FaultsMet > faultsBefore;

    /// <summary>Whether the process is stopped in its tracks.</summary>
    public bool IsPaused => life is { IsAlive: true, IsPaused: true };

    /// <summary>Starts the process on whatever the disk holds. If that is refused, <see cref="Fatal"/> says why.</summary>
    internal void Start()
    {
        if (IsRunning)
        {
            return;
        }

        Fatal = null;
        faultsBefore = Disk.FaultsMet;
        witness.Starts();
        cluster.Trace.Happened("start", traceId);
        try
        {
            life = new Life(this);
            life.Engine.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
            cluster.Started?.Invoke(this);
        }
        catch (Exception refused) when (refused is IOException or StorageRefusedException or StorageCorruptException or MemoryDiskStoppedException)
        {
            Fatal = refused.Message;
            Say($"did not start: {refused.Message}");
            Kill();
        }
    }

    /// <summary>Stops the process in its tracks (SIGSTOP): nothing of it runs, its timers wait, what is sent to it piles up.</summary>
    public void Pause()
    {
        if (life is { IsAlive: true, IsPaused: false })
        {
            cluster.Trace.Happened("pause", traceId);
            life.Pause();
        }
    }

    /// <summary>Lets a paused process go on.</summary>
    public void Resume()
    {
        if (life is { IsAlive: true, IsPaused: true })
        {
            cluster.Trace.Happened("resume", traceId);
            life.Resume();
        }
    }

    /// <summary>The process is killed. What was not flushed survives, as the machine lives on.</summary>
    public void Kill()
    {
        End("kill");
        Disk.Kill();
    }

    /// <summary>The machine loses power: the seed decides what of the unflushed survives.</summary>
    public void LosePower()
    {
        End("power loss");
        witness.LosesPower();
        Disk.Crash(cluster.Random.Next());
    }

    /// <summary>The process is killed and everything on its disk deleted, as of a node that has left and is to join as a new one: it owes nothing of what it had kept.</summary>
    public void Wipe()
    {
        End("wipe");
        Disk.Wipe();
        witness.IsWiped();
    }

    /// <summary>A bit on the disk of a node that does not run flips.</summary>
    /// <param name="bit">From 0 to 7.</param>
    public void FlipBit(string file, long offset, int bit)
    {
        cluster.Trace.Happened("bit flip", traceId);
        Disk.FlipBit(file, offset, bit);
    }

    /// <summary>Whether an actor is one of those that a node cannot be without.</summary>
    internal static bool IsOfTheEngine(ActorPath path) => path.Elements.StartsWith("/user/node", StringComparison.Ordinal);

    private void End(string how)
    {
        if (life is { IsAlive: true })
        {
            cluster.Trace.Happened(how, traceId);
            life.CountFaults();
        }

        cluster.Network.Crash(options.Address);
        life?.End();
    }

    private void EndItself(string why)
    {
        Say($"ends: {why}");
        Fatal = why;
        Kill();
    }

    private void Say(string words) => Said.Add((cluster.Time.Elapsed(), words));

    /// <summary>A process: everything that is gone with it.</summary>
    private sealed class Life : IDispatcher
    {
        private readonly SimulatedNode node;
        private readonly SimulatedCluster cluster;
        private readonly Queue<IThreadPoolWorkItem> held = new();
        private readonly Stack<WhileAlive> free = new();

        public Life(SimulatedNode node)
        {
            this.node = node;
            cluster = node.cluster;
            Clock = new NodeClock(cluster.Time, node.ClockRate, node.ClockOffset);
            var random = new Random(cluster.Random.Next());
            var data = DataDirectory.Open(node.Disk, node.options.Cluster, node.Name, "the simulator", new Guid(cluster.Random.Next(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
            var local = new LocalNode(node.options.Cluster, new PeerIdentity(node.Name, node.options.Address, data.Identity.NodeId, data.Identity.Incarnation, data.Identity.Uid)) { ClusterId = data.Identity.ClusterId, Federated = node.options.Federated };
            var disk = new SlowDispatcher(this);
            var transport = cluster.Network.Add(local, new RemotingOptions(), new Random(cluster.Random.Next()), node.Recorder);
            var remoting = new ActorRemoting(transport, node.Name, NodeMessages.Registry(node.options));
            var system = new ActorSystem(node.Name.ToString(), new ActorSystemOptions
            {
                Address = remoting.Address,
                RemoteSink = remoting.Sink,
                Time = Clock,
                Random = random,
                Dispatcher = this,
                Dispatchers = new Dictionary<string, IDispatcher> { [NodeFoundation.EngineDispatcher] = this, [NodeFoundation.DiskDispatcher] = disk, [NodeFoundation.SnapshotDispatcher] = disk, [NodeFoundation.JournalDispatcher] = disk },
                FailureLog = failed =>
                {
                    node.Say(failed.ToString());
                    node.safety.Failed(node, failed);
                },
                AnswersInline = true,
            });
            remoting.Attach(system);
            Engine = new EmbeddedNode(node.options, new NodeFoundation(data, local, transport, system)
            {
                Say = node.Say,
                Observer = node.witness,
                SingletonObserver = node.witness,
                Refused = node.EndItself,
                Fatal = why =>
                {
                    node.safety.Ended(node, why);
                    node.EndItself(why);
                },
            });
            Engine.StopMetering();
        }

        public NodeClock Clock { get; }

        public EmbeddedNode Engine { get; }

        public bool IsAlive { get; private set; } = true;

        public bool IsPaused { get; private set; }

        public void End()
        {
            IsAlive = false;
            Clock.Die();
        }

        /// <summary>What the links' faults did in this life, into the trace: their counts end with it.</summary>
        public void CountFaults()
        {
            foreach (var kind in Enum.GetValues<FaultKind>())
            {
                cluster.Trace.Count($"frame: {kind}", Engine.Faults.Count(kind));
            }
        }

        public void Pause()
        {
            IsPaused = true;
            Clock.Pause();
        }

        public void Resume()
        {
            IsPaused = false;
            Clock.Resume();
            while (held.TryDequeue(out var item))
            {
                Schedule(item);
            }
        }

        public void Schedule(IThreadPoolWorkItem item)
        {
            if (!free.TryPop(out var scheduled))
            {
                scheduled = new WhileAlive(this);
            }

            scheduled.Item = item;
            cluster.Schedule(scheduled);
        }

        public Task ShutdownAsync() => Task.CompletedTask;

        /// <summary>A dead process runs nothing more, not even what was scheduled; a paused one runs it later. Used again once it has run.</summary>
        private sealed class WhileAlive(Life life) : IThreadPoolWorkItem
        {
            public IThreadPoolWorkItem Item { get; set; } = null!;

            public void Execute()
            {
                var item = Item;
                life.free.Push(this);
                if (life.IsAlive && life.IsPaused)
                {
                    life.held.Enqueue(item);
                }
                else if (life.IsAlive)
                {
                    item.Execute();
                }
            }
        }

        /// <summary>Runs what waits for the disk once the disk has taken its time.</summary>
        private sealed class SlowDispatcher(Life life) : IDispatcher
        {
            public void Schedule(IThreadPoolWorkItem item)
            {
                if (life.node.DiskLatency == TimeSpan.Zero)
                {
                    life.Schedule(item);
                    return;
                }

                life.cluster.Time.CreateTimer(_ => life.Schedule(item), null, life.node.DiskLatency, Timeout.InfiniteTimeSpan);
            }

            public Task ShutdownAsync() => Task.CompletedTask;
        }
    }
}
