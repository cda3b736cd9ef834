using System.Globalization;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Federation;
using Cluster.Engine.Hosting;
using Cluster.Engine.Membership;
using Cluster.Engine.Simulation.Safety;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Layouts;

namespace Cluster.Engine.Simulation;

/// <summary>
/// A whole cluster of embedded nodes in one thread: virtual time, a network and disks in memory, every choice from one seed. The nodes are the ones that run
/// as processes; only what they stand on differs. The same seed and the same calls give the same run.
/// </summary>
public sealed class SimulatedCluster
{
    /// <summary>
    /// Small segments: a node reads its newest one whole when it starts, which with those of a real node took most of a run's time; and a run of seconds then sees
    /// segments come and go.
    /// </summary>
    private static readonly WalOptions Log = new() { SegmentBytes = 256 * 1024, ZeroAheadBytes = 16 * 1024 };

    /// <summary>Two looks to a heartbeat, not four: half of what an idle node costs here, and no suspicion comes later than that.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a condition is looked at while time passes: some of them cost more than an event does.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>A frame takes as long as in one data centre, and never twice the same.</summary>
    private const int ShortestLatencyUs = 50;
    private const int LongestLatencyUs = 500;

    /// <summary>What a frame takes longer from one cluster to another: two data centres some hundred kilometres apart.</summary>
    private static readonly TimeSpan WanLatency = TimeSpan.FromMilliseconds(8);

    /// <summary>Turns within one instant; past them actors keep each other busy for ever.</summary>
    private const int MaxTurns = 10_000_000;

    private readonly TurnQueue turns;
    private readonly List<SimulatedNode> nodes = [];
    private readonly Queue<Action> posted = [];
    private readonly NextPosted nextPosted;
    private readonly ClusterLayout layout;
    private readonly SafetyOracle[] safety;
    private readonly Func<EngineOptions, EngineOptions>? tune;

    /// <param name="seed">Everything random in the run comes from it.</param>
    /// <param name="count">Nodes, all of them seeds; started by <see cref="Start(int)"/>.</param>
    /// <param name="tune">Changes to the options of each node.</param>
    /// <param name="clusters">
    /// Into how many clusters the nodes are divided, in their order: each forms by itself, has a control plane of its own, and is federated with the others. What they share is the world: network, time and seed.
    /// </param>
    public SimulatedCluster(int seed, int count, Func<EngineOptions, EngineOptions>? tune = null, int clusters = 1)
    {
        layout = new ClusterLayout("sim", count, clusters);
        nextPosted = new NextPosted(posted);
        Random = new Random(seed);
        turns = new TurnQueue(new Random(Random.Next()));
        var jitter = new Random(Random.Next());
        Trace = new RunTrace(Time);
        safety = [.. layout.Names.Select(_ => new SafetyOracle(this))];
        Network = new LoopbackNetwork(Time, Post, (from, to) => TimeSpan.FromMicroseconds(jitter.Next(ShortestLatencyUs, LongestLatencyUs)) + (AreApart(from, to) ? WanLatency : TimeSpan.Zero))
        {
            Trace = Trace,
            HandlerFailed = (address, cause) => Failed(nodes.Find(node => node.Address == address)!, "the handler of a frame failed", cause),
        };
        this.tune = tune;
        while (nodes.Count < count)
        {
            Add();
        }
    }

    /// <summary>
    /// Called after each instant at which something happened, once nothing more happens in it. Clients that look here whether their calls are over, and call again,
    /// see their answers at the very instant they come; what they do is settled before time moves on.
    /// </summary>
    public Action? Settled { get; set; }

    /// <summary>Called with each node whose process has started, before anything runs in it: whoever builds on the engine starts there.</summary>
    public Action<SimulatedNode>? Started { get; set; }

    public VirtualTime Time { get; } = new();

    /// <summary>How much virtual time has passed.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Time.GetTimestamp());

    public Random Random { get; }

    /// <summary>Judges every step, whatever scenario runs. A broken rule makes <see cref="Step"/>, and all that stand on it, throw a <see cref="SafetyViolationException"/>.</summary>
    public SafetyOracle Safety => safety[0];

    /// <summary>One for each cluster, since each has groups and numbers of its own.</summary>
    public IReadOnlyList<SafetyOracle> SafetyOfEach => safety;

    /// <summary>The nodes of each cluster, by their names; one entry where all are one.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Clusters => layout.Nodes;

    /// <summary>What identifies this run, and what happened in it.</summary>
    public RunTrace Trace { get; }

    /// <summary>The hash of the run so far: equal for equal seeds and calls, in any process.</summary>
    public ulong TraceHash => Trace.Hash;

    public LoopbackNetwork Network { get; }

    public IReadOnlyList<SimulatedNode> Nodes => nodes;

    /// <summary>What all nodes said, in order of virtual time.</summary>
    public string Diary => string.Join('\n', nodes.SelectMany(node => node.Said.Select(said => (said.At, Line: $"{said.At.TotalSeconds:0.000} {node.Name} {said.Words}"))).OrderBy(said => said.At).Select(said => said.Line));

    /// <summary>One more node, with an empty disk; it joins once it is started.</summary>
    /// <param name="through">Where it looks for the cluster; the first nodes when not given.</param>
    public SimulatedNode Add(IReadOnlyList<NodeAddress>? through = null)
    {
        var number = nodes.Count + 1;
        var own = layout.ClusterOf(number);
        var options = new EngineOptions { Cluster = layout.Names[own], Name = NodeName.Parse(ClusterLayout.NodeName(number)), Address = AddressOf(number), Seeds = through ?? SeedsOf(own), Federated = OthersThan(own), Shards = 4, Log = Log, Reachability = new ReachabilityOptions { TickInterval = TickInterval } };
        nodes.Add(new SimulatedNode(this, tune?.Invoke(options) ?? options, number));
        return nodes[^1];
    }

    /// <summary>Starts one node, numbered from 1, on whatever its disk holds.</summary>
    public void Start(int number) => nodes[number - 1].Start();

    /// <summary>Starts all nodes.</summary>
    public void StartAll() => nodes.ForEach(node => node.Start());

    /// <summary>Runs what is due now, then moves to the next instant at which anything is due and runs that.</summary>
    /// <param name="until">On the clock of <see cref="Now"/>. When nothing is due by then, time moves there.</param>
    /// <returns>Whether anything was due by that time.</returns>
    /// <exception cref="SafetyViolationException">A rule is broken.</exception>
    public bool Step(TimeSpan until)
    {
        Settle();
        if (!Time.AdvanceToNext(until.Ticks))
        {
            return false;
        }

        Settle();
        return true;
    }

    /// <summary>Lets that much time pass, from one instant at which something is due to the next.</summary>
    public void Run(TimeSpan span)
    {
        for (var end = Now + span; Step(end);)
        {
        }
    }

    /// <summary>Lets time pass until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan limit, Func<string> what) => RunUntil(condition, limit, what, () => Run(LookInterval));

    /// <summary>Lets time pass until the task is over, and gives its result.</summary>
    public T Await<T>(ValueTask<T> task, TimeSpan limit)
    {
        var awaited = task.AsTask();
        RunUntil(() => awaited.IsCompleted, limit, () => "an answer", () => Step(Now + LookInterval));
        return awaited.GetAwaiter().GetResult();
    }

    /// <summary>Cuts the network between two sides.</summary>
    public void Partition(IReadOnlyList<int> one, IReadOnlyList<int> other) => Network.Partition([.. one.Select(AddressOf)], [.. other.Select(AddressOf)]);

    internal SafetyOracle SafetyOf(int number) => safety[layout.ClusterOf(number)];

    internal static NodeAddress AddressOf(int number) => new($"10.0.0.{number}", 4053);

    private void RunUntil(Func<bool> condition, TimeSpan limit, Func<string> what, Action run)
    {
        for (var deadline = Now + limit; !condition(); run())
        {
            if (Now >= deadline)
            {
                throw new TimeoutException($"not within {limit.TotalSeconds} s of virtual time: {what()}\n{Diary}");
            }
        }
    }

    /// <summary>An actor's turn comes when it is drawn; within this instant.</summary>
    internal void Schedule(IThreadPoolWorkItem turn) => turns.Add(turn);

    private void Settle()
    {
        do
        {
            for (var taken = 0; turns.Take() is { } turn; taken++)
            {
                if (taken == MaxTurns)
                {
                    throw new InvalidOperationException($"at {Now.TotalSeconds:0.000} s actors still had work after {MaxTurns} turns: they keep each other busy");
                }

                turn.Execute();
            }

            Settled?.Invoke();
        }
        while (!turns.IsEmpty);
        foreach (var judge in safety)
        {
            judge.Judge();
        }
    }

    private NodeAddress[] SeedsOf(int cluster) => [.. layout.NumbersOf(cluster).Select(AddressOf)];

    private FederatedCluster[] OthersThan(int own) => [.. Enumerable.Range(0, layout.Names.Count).Where(other => other != own).Select(other => new FederatedCluster(layout.Names[other], SeedsOf(other)))];

    private void Failed(SimulatedNode node, string what, Exception cause) => safety[layout.ClusterOf(nodes.IndexOf(node) + 1)].Failed(node, what, cause);

    private bool AreApart(NodeAddress from, NodeAddress to) => safety.Length > 1 && SafetyOf(NumberOf(from)) != SafetyOf(NumberOf(to));

    private static int NumberOf(NodeAddress address) => int.Parse(address.Host.AsSpan(address.Host.LastIndexOf('.') + 1), CultureInfo.InvariantCulture);

    /// <summary>The network's actions keep their order among themselves, whatever order the actors run in.</summary>
    private void Post(Action action)
    {
        posted.Enqueue(action);
        turns.Add(nextPosted);
    }

    private sealed class NextPosted(Queue<Action> posted) : IThreadPoolWorkItem
    {
        public void Execute() => posted.Dequeue()();
    }
}
