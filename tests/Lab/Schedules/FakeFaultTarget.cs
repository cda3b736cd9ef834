using Cluster.Lab.Clocks;
using Cluster.Lab.Histories;
using Cluster.Lab.Schedules;
using Cluster.Lab.Tests.Workloads;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Tests.Schedules;

/// <summary>Three nodes of words: they live, stop and die as told, keep what they were told of faults until they die, and note everything with its second.</summary>
internal sealed class FakeFaultTarget(VirtualClock time) : IFaultTarget
{
    private readonly Dictionary<string, NodeLife> lives = new() { ["n1"] = NodeLife.Running, ["n2"] = NodeLife.Running, ["n3"] = NodeLife.Running, [FaultRole.Database] = NodeLife.Running };
    private readonly Dictionary<string, IReadOnlyList<LinkFaultView>> links = [];
    private readonly Dictionary<string, InsideFaults> inside = [];
    private readonly HashSet<string> off = [];
    private readonly List<string> deeds = [];

    public IReadOnlyList<string> NodeNames => [.. lives.Keys.Where(name => name != FaultRole.Database)];

    public IReadOnlyDictionary<FaultType, string> Unsupported { get; } = new Dictionary<FaultType, string> { [FaultType.Disconnect] = "they have no network" };

    /// <summary>Set, there is no database beside the nodes.</summary>
    public string? WhyNoDatabase { get; set; }

    /// <summary>What was done to the processes, as <c>1 kill n2</c>.</summary>
    public IReadOnlyList<string> Deeds => deeds;

    public string? Leader { get; set; }

    /// <summary>Nodes that ended though nobody ended them, with what they said.</summary>
    public Dictionary<string, string> Ended { get; } = [];

    /// <summary>Looks at each request that a node gets; false: no answer came, whether or not it was carried out.</summary>
    public Func<string, bool> Answers { get; set; } = static _ => true;

    /// <summary>Done in place of the deed of that name; throws what is to be thrown.</summary>
    public Dictionary<string, Action> Instead { get; } = [];

    /// <summary>How long the deed of that name takes.</summary>
    public Dictionary<string, TimeSpan> Takes { get; } = [];

    public NodeLife Life(string node) => lives[node];

    public bool IsOff(string node) => off.Contains(node);

    /// <summary>It ends itself.</summary>
    public void Dies(string node)
    {
        lives[node] = NodeLife.Dead;
        links.Remove(node);
        inside.Remove(node);
    }

    /// <summary>The cluster has this node only.</summary>
    public void KeepOnly(string node)
    {
        foreach (var other in NodeNames.Where(name => name != node))
        {
            lives.Remove(other);
        }
    }

    public IReadOnlyList<LinkFaultView> LinksOf(string node) => links.GetValueOrDefault(node, []);

    public InsideFaults InsideOf(string node) => inside.GetValueOrDefault(node, InsideFaults.None);

    /// <summary>Plays a schedule from its beginning to the healing, and at each given second looks.</summary>
    /// <returns>The faults of the history, as <c>1 kill n2</c>; those that end another one as <c>3 restart n2 (kill)</c>.</returns>
    public (List<string> Told, FaultTally Tally) Play(FaultSchedule schedule, Action? look = null, double at = 0, CancellationTokenSource? stopAt = null, int seed = 1)
    {
        var told = new List<string>();
        FaultTally? tally = null;
        time.Run(async () =>
        {
            var runner = new FaultRunner(this, schedule, seed, fault => told.Add(FormattableString.Invariant($"{fault.At / 1e9:0.##} {fault.Fault} {fault.Target}{(fault.Ends is null ? "" : $" ({fault.Ends})")}")), new HistoryClock(time), time);
            tally = runner.Tally;
            using var timer = time.CreateTimer(
                _ =>
                {
                    look?.Invoke();
                    stopAt?.Cancel();
                },
                null,
                TimeSpan.FromSeconds(at),
                Timeout.InfiniteTimeSpan);
            await runner.RunAsync(stopAt?.Token ?? CancellationToken.None).ConfigureAwait(false);
            await runner.HealAsync(CancellationToken.None).ConfigureAwait(false);
        });
        return (told, tally!);
    }

    /// <summary>Plays a schedule; one that breaks off is healed.</summary>
    public void PlayThrough(FaultSchedule schedule) => time.Run(async () =>
    {
        var runner = new FaultRunner(this, schedule, seed: 1, static _ => { }, new HistoryClock(time), time);
        await Assert.ThrowsAsync<LabException>(() => runner.RunAsync(CancellationToken.None)).ConfigureAwait(false);
        await runner.HealAsync(CancellationToken.None).ConfigureAwait(false);
    });

    public Task<bool> KillAsync(string node, bool losesUnflushed, CancellationToken cancellation)
    {
        Note(losesUnflushed ? "power-loss" : "kill", node);
        var happens = lives[node] != NodeLife.Dead;
        Dies(node);
        return Task.FromResult(happens);
    }

    public async Task StartAsync(string node, CancellationToken cancellation)
    {
        Note("start", node);
        Assert.Equal(NodeLife.Dead, lives[node]);
        lives[node] = NodeLife.Running;
        await Pause.ForAsync(Takes.GetValueOrDefault($"start {node}"), time, cancellation).ConfigureAwait(false);
    }

    public Task<bool> PauseAsync(string node, CancellationToken cancellation)
    {
        Note("pause", node);
        return Task.FromResult(Turn(node, NodeLife.Paused));
    }

    public Task<bool> ResumeAsync(string node, CancellationToken cancellation)
    {
        Note("resume", node);
        return Task.FromResult(Turn(node, NodeLife.Running));
    }

    public Task LeaveAsync(string node, CancellationToken cancellation)
    {
        Note("leave", node);
        Dies(node);
        return Task.CompletedTask;
    }

    public Task RejoinAsync(string node, CancellationToken cancellation)
    {
        Note("rejoin", node);
        Assert.Equal(NodeLife.Dead, lives[node]);
        lives[node] = NodeLife.Running;
        return Task.CompletedTask;
    }

    public Task DamageAsync(string node, int seed, CancellationToken cancellation)
    {
        Note("damage", node);
        Assert.Equal(NodeLife.Dead, lives[node]);
        return Task.CompletedTask;
    }

    public Task ReplaceAsync(string node, CancellationToken cancellation)
    {
        Note("replace", node);
        Assert.Equal(NodeLife.Dead, lives[node]);
        lives[node] = NodeLife.Running;
        return Task.CompletedTask;
    }

    public Task DisconnectAsync(string node, CancellationToken cancellation)
    {
        Note("disconnect", node);
        Assert.True(off.Add(node));
        return Task.CompletedTask;
    }

    public Task ReconnectAsync(string node, CancellationToken cancellation)
    {
        Note("connect", node);
        off.Remove(node);
        return Task.CompletedTask;
    }

    public Task<NodeLife> LifeAsync(string node, CancellationToken cancellation) => Task.FromResult(lives[node]);

    public Task<bool> SetLinksAsync(string node, IReadOnlyList<LinkFaultView> faults, CancellationToken cancellation)
    {
        links[node] = faults;
        return Task.FromResult(Answers(node));
    }

    public Task<bool> SetInsideAsync(string node, InsideFaults faults, CancellationToken cancellation)
    {
        inside[node] = faults;
        return Task.FromResult(Answers(node));
    }

    public Task<string?> FindHolderAsync(string office, CancellationToken cancellation) => Task.FromResult(Leader);

    public Task<IReadOnlyDictionary<string, string>> EndedThemselvesAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyDictionary<string, string>>(Ended);

    private void Note(string deed, string node)
    {
        deeds.Add(FormattableString.Invariant($"{time.GetTimestamp() / (double)TimeSpan.TicksPerSecond:0.##} {deed} {node}"));
        if (Instead.Remove($"{deed} {node}", out var instead))
        {
            instead();
        }
    }

    private bool Turn(string node, NodeLife life)
    {
        var happens = lives[node] != NodeLife.Dead;
        lives[node] = happens ? life : NodeLife.Dead;
        return happens;
    }
}
