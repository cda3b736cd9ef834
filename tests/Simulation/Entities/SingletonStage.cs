using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Entities;

/// <summary>A cluster whose nodes all offer one singleton, and a record of every life of it: who lived when, and who acted in which order.</summary>
internal sealed class SingletonStage
{
    private readonly List<Life> lives = [];
    private readonly List<Life> acts = [];
    private readonly List<string> overlaps = []; // Noted and judged at the end: an assertion inside an actor would be its supervisor's business.

    public SingletonStage(int seed, Func<EngineOptions, EngineOptions>? tune = null)
    {
        Cluster = SimulatedClusters.Ready(seed, options =>
        {
            options = options with { Shards = 1, Messages = messages => messages.Register("note", 1, StageJson.Default.Note) };
            return tune?.Invoke(options) ?? options;
        });

        foreach (var node in Cluster.Nodes)
        {
            Offer(node);
        }
    }

    public SimulatedCluster Cluster { get; }

    /// <summary>What the singleton was told, with the epoch of the life that heard it.</summary>
    public List<(ulong Epoch, string Words)> Heard { get; } = [];

    /// <summary>The life that began last, if it is still live.</summary>
    public Life? Current => lives.LastOrDefault() is { IsLive: true } last ? last : null;

    public IActorRef Offer(SimulatedNode node)
    {
        var engine = node.Engine;
        return engine.Singletons.Start("clock", context => Props.Create(() => new Clock(this, node, engine, context)));
    }

    public Life AwaitLive(Func<Life, bool>? fits = null)
    {
        Cluster.RunUntil(() => Current is { } life && (fits is null || fits(life)), TimeSpan.FromSeconds(30), () => "the singleton to live");
        return Current!;
    }

    /// <summary>Each epoch had one node, epochs grew, no two lives were live at once, and nobody acted once a later life had.</summary>
    public void AssertOneAtATime()
    {
        Assert.Empty(overlaps);
        Assert.All(lives.GroupBy(life => life.Epoch), epoch => Assert.Single(epoch.Select(life => life.Node.Name).Distinct()));
        Assert.Equal(lives.Select(life => life.Epoch).Order(), lives.Select(life => life.Epoch));
        Assert.Equal(acts.Select(life => lives.IndexOf(life)).Order(), acts.Select(life => lives.IndexOf(life)));
        Assert.NotEmpty(acts);
    }

    internal sealed class Life(SimulatedNode node, EmbeddedNode process, ulong epoch)
    {
        public SimulatedNode Node { get; } = node;

        public ulong Epoch { get; } = epoch;

        public bool HasStopped { get; set; }

        public bool IsLive => !HasStopped && Node.IsRunning && ReferenceEquals(Node.Engine, process);
    }

    private sealed class Clock(SingletonStage stage, SimulatedNode node, EmbeddedNode process, SingletonContext context) : Actor
    {
        private readonly Life life = new(node, process, context.Epoch);

        protected override void PreStart()
        {
            stage.overlaps.AddRange(stage.lives.Where(other => other.IsLive).Select(other => $"{life.Node.Name} (epoch {life.Epoch}) started while {other.Node.Name} (epoch {other.Epoch}) lived"));
            stage.lives.Add(life);
            Timers.StartPeriodic("tick", "tick", TimeSpan.FromMilliseconds(10));
        }

        protected override void PostStop() => life.HasStopped = true;

        protected override void Receive(object message)
        {
            if (message is Note note)
            {
                stage.Heard.Add((context.Epoch, note.Words));
            }
            else if (context.MayAct)
            {
                stage.acts.Add(life);
            }
        }
    }
}
