using Cluster.Engine.Hosting;
using Cluster.Engine.Simulation;
using Cluster.Engine.Storage;
using Cluster.Lab;
using Cluster.Lab.Clocks;
using Cluster.Lab.Faults;
using Cluster.Lab.Schedules;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Scenarios;

namespace Cluster.Simulator.Stage;

/// <summary>A simulated cluster as a schedule breaks it. All of it happens at once: there is no process to wait for.</summary>
internal sealed class SimulatedFaults(SimulatedCluster cluster, EngineCalls calls) : IFaultTarget
{
    private static readonly TimeSpan MemberDeadline = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan MemberPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>The same in every simulated cluster.</summary>
    public static readonly IReadOnlyDictionary<FaultType, string> NotSimulated = new Dictionary<FaultType, string>
    {
        [FaultType.Disconnect] = "simulated clients have no network of their own; 'cut' cuts the links between nodes",
    };

    private readonly Dictionary<string, TimeSpan> usualLatency = cluster.Nodes.ToDictionary(node => node.Name.ToString(), node => node.DiskLatency);

    public IReadOnlyList<string> NodeNames { get; } = [.. cluster.Nodes.Select(node => node.Name.ToString())];

    public IReadOnlyList<IReadOnlyList<string>> Clusters => cluster.Clusters;

    public IReadOnlyDictionary<FaultType, string> Unsupported => NotSimulated;

    public string? WhyNoDatabase => "there is no database in a simulation";

    public Task<bool> KillAsync(string node, bool losesUnflushed, CancellationToken cancellation)
    {
        var victim = Find(node);
        if (!victim.IsRunning)
        {
            return Task.FromResult(false);
        }

        if (losesUnflushed)
        {
            victim.LosePower();
        }
        else
        {
            victim.Kill();
        }

        return Task.FromResult(true);
    }

    /// <summary>A simulated node's disk and clock outlive its process; what was wrong with them must not.</summary>
    public Task StartAsync(string node, CancellationToken cancellation)
    {
        SetInside(node, InsideFaults.None);
        cluster.Start(NodeNames.Index().First(name => name.Item == node).Index + 1);
        return Task.CompletedTask;
    }

    public Task<bool> PauseAsync(string node, CancellationToken cancellation)
    {
        Find(node).Pause();
        return Task.FromResult(Find(node).IsPaused);
    }

    public Task<bool> ResumeAsync(string node, CancellationToken cancellation)
    {
        Find(node).Resume();
        return Task.FromResult(Find(node).IsRunning);
    }

    public async Task LeaveAsync(string node, CancellationToken cancellation)
    {
        await AskUntilAsync(node, (administration, name) => administration.LeaveAsync(name, cancellation), ["exiting", "removed"], cancellation).ConfigureAwait(false);
        Find(node).Wipe();
    }

    public Task RejoinAsync(string node, CancellationToken cancellation) => StartAsync(node, cancellation);

    public Task DamageAsync(string node, int seed, CancellationToken cancellation)
    {
        var damaged = Find(node);
        var newest = damaged.Disk.List(BitFlip.LogFolder).Select(entry => entry.Name).Where(name => name.EndsWith(".wal", StringComparison.Ordinal)).Max(StringComparer.Ordinal)
            ?? throw new LabException($"{node} has no log yet: nothing to damage");
        using var file = damaged.Disk.Open(newest, DiskMode.Read);
        var bytes = new byte[file.Length];
        file.ReadAt(0, bytes);
        var flip = BitFlip.Choose(newest, bytes, new Random(seed));
        damaged.FlipBit(flip.File, flip.Offset, flip.Bit);
        return Task.CompletedTask;
    }

    public async Task ReplaceAsync(string node, CancellationToken cancellation)
    {
        await StartAsync(node, cancellation).ConfigureAwait(false);
        if (Find(node).IsRunning)
        {
            throw new LabException($"{node} has started on a damaged log: it must refuse");
        }

        await AskUntilAsync(node, (administration, name) => administration.DownAsync(name, cancellation), ["removed"], cancellation).ConfigureAwait(false);
        Find(node).Wipe();
        await StartAsync(node, cancellation).ConfigureAwait(false);
    }

    public Task DisconnectAsync(string node, CancellationToken cancellation) => throw new NotSupportedException(Unsupported[FaultType.Disconnect]);

    public Task ReconnectAsync(string node, CancellationToken cancellation) => throw new NotSupportedException(Unsupported[FaultType.Disconnect]);

    public Task<NodeLife> LifeAsync(string node, CancellationToken cancellation) =>
        Task.FromResult(Find(node) is { IsRunning: true } running ? running.IsPaused ? NodeLife.Paused : NodeLife.Running : NodeLife.Dead);

    public Task<bool> SetLinksAsync(string node, IReadOnlyList<LinkFaultView> faults, CancellationToken cancellation)
    {
        Find(node).Engine.Faults.Set(faults);
        return Task.FromResult(true);
    }

    public Task<bool> SetInsideAsync(string node, InsideFaults faults, CancellationToken cancellation)
    {
        SetInside(node, faults);
        return Task.FromResult(true);
    }

    /// <summary>The safety rules see that better: there it ends the run.</summary>
    public Task<IReadOnlyDictionary<string, string>> EndedThemselvesAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    public Task<string?> FindHolderAsync(string office, CancellationToken cancellation) =>
        Task.FromResult(NewestView() is { } view ? OfficeHolder.Find(office, view.Shards, view.Singletons) : null);

    /// <summary>What the node knows that has heard the most: one that has just joined, or lags behind, may know an earlier life of a name only.</summary>
    private ClusterView? NewestView() => cluster.Nodes
        .Where(node => node is { IsRunning: true, IsPaused: false })
        .Select(node => node.Engine.View.Describe())
        .OrderByDescending(view => view.Ready).ThenByDescending(view => view.Epoch).FirstOrDefault();

    /// <summary>Asks any node that lives, again and again, until the member is at one of these states, or no member any more.</summary>
    private async Task AskUntilAsync(string node, Func<ClusterAdministration, NodeName, ValueTask<ClusterError?>> ask, IReadOnlyList<string> states, CancellationToken cancellation)
    {
        for (var start = cluster.Time.GetTimestamp(); ;)
        {
            if (cluster.Nodes.FirstOrDefault(other => other is { IsRunning: true, IsPaused: false } && other.Name.ToString() != node) is { } other)
            {
                var asked = other.Engine;
                await calls.WaitAsync(ask(asked.Administration, NodeName.Parse(node)), () => !other.IsRunning || other.Engine != asked, null).ConfigureAwait(false);
                if (NewestView() is { Ready: true } view && view.Members.All(member => member.Name != node || states.Contains(member.Status)))
                {
                    return;
                }
            }

            if (cluster.Time.GetElapsedTime(start) > MemberDeadline)
            {
                throw new LabException($"{node} is a member still after {MemberDeadline.TotalSeconds:0} s");
            }

            await Pause.ForAsync(MemberPoll, cluster.Time, cancellation).ConfigureAwait(false);
        }
    }

    private void SetInside(string node, InsideFaults faults)
    {
        var told = Find(node);
        told.DiskLatency = usualLatency[node] + TimeSpan.FromMilliseconds(faults.Disk.LatencyMs);
        told.Disk.Faults.FullAfterBytes = faults.Disk.Full ? 0 : null;
        told.Disk.Faults.FailFlushes = faults.Disk.FailFlush;
        told.ClockOffset = TimeSpan.FromMilliseconds(faults.Clock.SkewMs);
        told.ClockRate = faults.Clock.Rate;
    }

    private SimulatedNode Find(string node) => cluster.Nodes.First(known => known.Name.ToString() == node);
}
