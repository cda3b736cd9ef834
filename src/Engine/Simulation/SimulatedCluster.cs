using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Hosting;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation;

/// <summary>
/// A whole cluster of embedded nodes in one thread: virtual time, a network and disks in memory, every choice from one seed. The nodes are the ones that run
/// as processes; only what they stand on differs. The same seed and the same calls give the same run.
/// </summary>
public sealed class SimulatedCluster
{
    private readonly ManualDispatcher actors;
    private readonly List<SimulatedNode> nodes = [];
    private readonly Queue<Action> posted = [];
    private readonly NodeAddress[] seeds;
    private readonly Func<EngineOptions, EngineOptions>? tune;

    /// <param name="seed">Everything random in the run comes from it.</param>
    /// <param name="count">Nodes, all of them seeds; started by <see cref="Start(int)"/>.</param>
    /// <param name="tune">Changes to the options of each node.</param>
    public SimulatedCluster(int seed, int count, Func<EngineOptions, EngineOptions>? tune = null)
    {
        Random = new Random(seed);
        actors = new ManualDispatcher(new Random(Random.Next()));
        var jitter = new Random(Random.Next());
        Network = new LoopbackNetwork(Time, Post, (_, _) => TimeSpan.FromMicroseconds(jitter.Next(50, 500)));
        this.tune = tune;
        seeds = [.. Enumerable.Range(1, count).Select(AddressOf)];
        while (nodes.Count < count)
        {
            Add();
        }
    }

    public VirtualTime Time { get; } = new();

    public Random Random { get; }

    public LoopbackNetwork Network { get; }

    public IReadOnlyList<SimulatedNode> Nodes => nodes;

    internal ManualDispatcher Actors => actors;

    /// <summary>What all nodes said, in order of virtual time.</summary>
    public string Diary => string.Join('\n', nodes.SelectMany(node => node.Said.Select(said => (said.At, Line: $"{said.At.TotalSeconds:0.000} {node.Name} {said.Words}"))).OrderBy(said => said.At).Select(said => said.Line));

    /// <summary>One more node, with an empty disk; it joins once it is started.</summary>
    /// <param name="through">Where it looks for the cluster; the first nodes when not given.</param>
    public SimulatedNode Add(IReadOnlyList<NodeAddress>? through = null)
    {
        var number = nodes.Count + 1;
        var options = new EngineOptions { Cluster = "sim", Name = NodeName.Parse($"n{number}"), Address = AddressOf(number), Seeds = through ?? seeds, Shards = 4 };
        nodes.Add(new SimulatedNode(this, tune?.Invoke(options) ?? options));
        return nodes[^1];
    }

    /// <summary>Starts one node, numbered from 1, on whatever its disk holds.</summary>
    public void Start(int number) => nodes[number - 1].Start();

    /// <summary>Starts all nodes.</summary>
    public void StartAll() => nodes.ForEach(node => node.Start());

    /// <summary>Lets that much time pass, running whatever becomes due at its own instant.</summary>
    public void Run(TimeSpan span)
    {
        actors.RunUntilIdle();
        Time.Advance(span, () => actors.RunUntilIdle());
    }

    /// <summary>Lets time pass until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan limit, Func<string> what)
    {
        var deadline = Time.GetUtcNow() + limit;
        while (!condition())
        {
            if (Time.GetUtcNow() >= deadline)
            {
                throw new TimeoutException($"not within {limit.TotalSeconds} s of virtual time: {what()}\n{Diary}");
            }

            Run(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>Lets time pass until the task is over, and gives its result.</summary>
    public T Await<T>(ValueTask<T> task, TimeSpan limit)
    {
        var awaited = task.AsTask();
        RunUntil(() => awaited.IsCompleted, limit, () => "an answer");
        return awaited.GetAwaiter().GetResult();
    }

    /// <summary>Cuts the network between two sides.</summary>
    public void Partition(IReadOnlyList<int> one, IReadOnlyList<int> other) => Network.Partition([.. one.Select(AddressOf)], [.. other.Select(AddressOf)]);

    internal static NodeAddress AddressOf(int number) => new($"10.0.0.{number}", 4053);

    /// <summary>The network's actions keep their order among themselves, whatever order the actors run in.</summary>
    private void Post(Action action)
    {
        posted.Enqueue(action);
        actors.Schedule(new NextPosted(posted));
    }

    private sealed class NextPosted(Queue<Action> posted) : IThreadPoolWorkItem
    {
        public void Execute() => posted.Dequeue()();
    }
}
