using System.Globalization;
using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>One run of the cluster under chaos. A failure says the seed, the command that replays it, the faults and what the nodes said.</summary>
internal sealed class ChaosRun
{
    /// <summary>Once every fault is over: longest time until all nodes serve. An election, a restart on a log of seconds, and a circuit breaker's pause fit three times.</summary>
    private static readonly TimeSpan ReadyAgain = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    private readonly int seed;
    private readonly SimulatedCluster cluster;
    private readonly ChaosFaults faults;
    private readonly RecordingClients clients;

    /// <param name="flaws">Bugs planted on purpose, which the run has to show.</param>
    public ChaosRun(int seed, RaftFlaws flaws = RaftFlaws.None)
    {
        this.seed = seed;

        // Every other seed compacts its logs after some hundred writes, so that whoever was away long enough needs a snapshot.
        var compacts = seed % 2 == 0;
        cluster = new SimulatedCluster(seed, 3, options => options with
        {
            Shards = 2,
            Replication = options.Replication with
            {
                SnapshotAfterLogBytes = compacts ? 12 * 1024 : options.Replication.SnapshotAfterLogBytes,
                SnapshotChunkBytes = compacts ? 4 * 1024 : options.Replication.SnapshotChunkBytes,
                Raft = options.Replication.Raft with { KeepEntries = compacts ? 32 : options.Replication.Raft.KeepEntries, Flaws = flaws },
            },
        });
        foreach (var node in cluster.Nodes)
        {
            node.ClockRate = 0.96 + (cluster.Random.NextDouble() * 0.08);
            node.DiskLatency = TimeSpan.FromMilliseconds(1 + cluster.Random.Next(4));
        }

        faults = new ChaosFaults(cluster);
        clients = new RecordingClients(cluster, count: 6);
        cluster.StartAll();
        AwaitReady(TimeSpan.FromSeconds(30));
    }

    /// <summary>Faults and load.</summary>
    public void Go(TimeSpan span)
    {
        for (var end = cluster.Time.GetUtcNow() + span; cluster.Time.GetUtcNow() < end;)
        {
            faults.Turn();
            clients.Turn();
            cluster.Run(Step);
        }
    }

    /// <summary>No more faults: the cluster becomes ready, every call ends, and every replica of a shard becomes equal.</summary>
    public void HealAndSettle()
    {
        faults.HealAll();
        AwaitReady(ReadyAgain);
        for (var end = cluster.Time.GetUtcNow() + TimeSpan.FromSeconds(1); cluster.Time.GetUtcNow() < end;)
        {
            clients.Turn();
            cluster.Run(Step);
        }

        Within(TimeSpan.FromSeconds(5), clients.AllEnded, () => "every call ends by its deadline; still open: " + clients.Open);
        Within(TimeSpan.FromSeconds(5), () => Unequal() is null, () => "all replicas of a shard become equal: " + Unequal());
    }

    /// <summary>Whether the recorded answers are those of one copy.</summary>
    public void Judge()
    {
        Must(Crashes().Count == 0, () => "a node ended itself for no fault of its disk: " + string.Join("; ", Crashes()));
        Must(clients.Acknowledged > 200, () => $"only {clients.Acknowledged} operations were answered: the run shows nothing");
        Must(clients.WrongStaleReads.Count == 0, () => "stale reads gave what nobody ever wrote: " + string.Join("; ", clients.WrongStaleReads));
        var checker = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System);
        var result = checker.Check(new History(clients.History, []));
        Must(result.Verdict == Verdict.Holds, () => $"{result.Verdict}: {result.Summary}\n{string.Join('\n', result.Details)}");
    }

    private void AwaitReady(TimeSpan limit) => Within(
        limit,
        () => cluster.Nodes.All(node => node.IsRunning && node.Engine.View.NotReadyBecause is null),
        () => "all nodes are ready: " + string.Join("; ", cluster.Nodes.Select(node => $"{node.Name} {(node.IsRunning ? node.Engine.View.NotReadyBecause ?? "ready" : node.Fatal ?? "dead")}")));

    /// <summary>In words, a shard whose replicas differ; null when all are equal.</summary>
    private string? Unequal()
    {
        var groups = cluster.Nodes.SelectMany(node => node.Engine.Replicas.All.Select(status => (node.Name, Status: status))).GroupBy(held => held.Status.Group);
        foreach (var group in groups)
        {
            var different = group.Select(held => (held.Status.Applied, held.Status.StateHash)).Distinct().Count() > 1 || group.Any(held => held.Status.StateHash is null);
            if (different || group.Count() != 3 || group.Count(held => held.Status.Role == RaftRole.Leader) != 1)
            {
                return $"shard {group.Key}: " + string.Join(", ", group.Select(held => $"{held.Name} {held.Status.Role} term {held.Status.Term} applied {held.Status.Applied} hash {held.Status.StateHash:x}"));
            }
        }

        return null;
    }

    /// <summary>Ends of processes that no injected fault explains: a bug that a restart hides.</summary>
    private List<string> Crashes() => [.. cluster.Nodes.SelectMany(node => node.Said).Select(said => said.Words)
        .Where(words => words.StartsWith("ends:", StringComparison.Ordinal) && !words.Contains(nameof(MemoryDiskStoppedException), StringComparison.Ordinal) && !words.Contains("flush", StringComparison.Ordinal))];

    private void Within(TimeSpan limit, Func<bool> condition, Func<string> what)
    {
        for (var end = cluster.Time.GetUtcNow() + limit; !condition();)
        {
            Must(cluster.Time.GetUtcNow() < end, () => $"not within {limit.TotalSeconds} s of virtual time: {what()}");
            cluster.Run(TimeSpan.FromMilliseconds(5));
        }
    }

    private void Must(bool holds, Func<string> otherwise)
    {
        if (!holds)
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"seed {seed}, at {cluster.Time.GetTimestamp() / (double)TimeSpan.TicksPerSecond:0.000} s: {otherwise()}\nreplay: CHAOS_SEEDS={seed} dotnet run --project tests/Simulation -- -class '*ChaosTests'\n\n{faults.Log}\n\n{cluster.Diary}");
            Assert.Fail(text);
        }
    }
}
