using System.Globalization;
using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>
/// One run in which nodes join, leave and die for good while everything else breaks too. Afterwards the members that are left are in their places, all replicas of
/// a shard are equal, and what clients saw is that of one copy.
/// </summary>
internal sealed class ElasticChaosRun
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    /// <summary>Once every fault is over: longest until all have their share. Leaves and moves that the faults held up are made up for one after another.</summary>
    private static readonly TimeSpan SettledAgain = TimeSpan.FromSeconds(40);

    private readonly int seed;
    private readonly SimulatedCluster cluster;
    private readonly ChaosFaults faults;
    private readonly RecordingClients clients;
    private readonly HashSet<SimulatedNode> leaving = [];
    private readonly HashSet<SimulatedNode> gone = [];
    private readonly List<string> changes = [];
    private TimeSpan nextChange;

    public ElasticChaosRun(int seed)
    {
        this.seed = seed;
        cluster = new SimulatedCluster(seed, 3, options => options with
        {
            Shards = 2,
            Placement = options.Placement with { ReplaceAfter = TimeSpan.FromSeconds(2) },
            Replication = options.Replication with
            {
                SnapshotAfterLogBytes = 12 * 1024,
                SnapshotChunkBytes = 4 * 1024,
                Raft = options.Replication.Raft with { KeepEntries = 32 },
            },
        });
        faults = new ChaosFaults(cluster) { TakesPart = node => !gone.Contains(node) };
        clients = new RecordingClients(cluster, count: 6) { MayAsk = node => !leaving.Contains(node) };
        cluster.StartAll();
        Within(TimeSpan.FromSeconds(30), () => Problem() is null, () => Problem()!);
    }

    private SimulatedNode[] Members => [.. cluster.Nodes.Where(node => !gone.Contains(node))];

    private TimeSpan Now => TimeSpan.FromTicks(cluster.Time.GetTimestamp());

    /// <summary>Faults, changes of members, and load.</summary>
    public void Go(TimeSpan span)
    {
        for (var end = cluster.Time.GetUtcNow() + span; cluster.Time.GetUtcNow() < end;)
        {
            faults.Turn();
            FinishLeaves();
            if (Now >= nextChange)
            {
                nextChange = Now + TimeSpan.FromMilliseconds(cluster.Random.Next(800, 2500));
                Change();
            }

            clients.Turn();
            cluster.Run(Step);
        }
    }

    public void HealAndSettle()
    {
        faults.HealAll();
        Within(
            SettledAgain,
            () =>
            {
                FinishLeaves();
                return Problem() is null;
            },
            () => Problem()!);
        Within(TimeSpan.FromSeconds(5), clients.AllEnded, () => "every call ends by its deadline; still open: " + clients.Open);
        Within(TimeSpan.FromSeconds(5), () => Unequal() is null, () => "all replicas of a shard become equal: " + Unequal());
    }

    public void Judge()
    {
        Must(clients.Acknowledged > 200, () => $"only {clients.Acknowledged} operations were answered: the run shows nothing");
        Must(changes.Count > 2, () => "hardly a member came or went: the run shows nothing");
        var result = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(new History(clients.History, []));
        Must(result.Verdict == Verdict.Holds, () => $"{result.Verdict}: {result.Summary}\n{string.Join('\n', result.Details)}");
    }

    private void Change()
    {
        var members = Members;
        var chosen = members[cluster.Random.Next(members.Length)];
        if (members.Length < 4 || (members.Length < 6 && cluster.Random.Next(2) == 0))
        {
            var newcomer = cluster.Add([.. members.Take(3).Select(node => node.Address)]);
            newcomer.DiskLatency = TimeSpan.FromMilliseconds(1);
            cluster.Start(cluster.Nodes.Count);
            Say($"{newcomer.Name} joins");
        }
        else if (Asked(except: chosen) is { } asked && leaving.Count == 0)
        {
            if (cluster.Random.Next(3) == 0 && CanBeLost(chosen))
            {
                // Dead for good: its disk is gone, and somebody says so.
                Say($"{chosen.Name} dies for good, says {asked.Name}");
                gone.Add(chosen);
                chosen.LosePower();
                _ = asked.Engine.Administration.DownAsync(chosen.Name, default).AsTask();
            }
            else
            {
                Say($"{chosen.Name} shall leave, says {asked.Name}");
                leaving.Add(chosen);
                _ = asked.Engine.Administration.LeaveAsync(chosen.Name, default).AsTask();
            }
        }
    }

    /// <summary>A leaver that holds nothing any more ends; a request to leave that came to nothing is made again.</summary>
    private void FinishLeaves()
    {
        foreach (var leaver in leaving.ToArray())
        {
            if (Asked(except: leaver) is not { } asked)
            {
                continue;
            }

            switch (StatusOf(asked, leaver))
            {
                case "exiting":
                    Must(ElasticStage.WhoCountsOn(cluster, leaver) is null, () => $"{leaver.Name} exits while {ElasticStage.WhoCountsOn(cluster, leaver)}");
                    Say($"{leaver.Name} has left");
                    leaver.Kill();
                    gone.Add(leaver);
                    leaving.Remove(leaver);
                    break;
                case "up" when cluster.Random.Next(200) == 0:
                    _ = asked.Engine.Administration.LeaveAsync(leaver.Name, default).AsTask();
                    break;
                default:
                    break;
            }
        }

        // A death that nobody could decide when it happened.
        foreach (var dead in gone)
        {
            if (cluster.Random.Next(500) == 0 && Asked(except: dead) is { } asked && StatusOf(asked, dead) is "up" or "joining" or "leaving")
            {
                _ = asked.Engine.Administration.DownAsync(dead.Name, default).AsTask();
            }
        }
    }

    /// <summary>
    /// Whether every group keeps a majority of its disks without that one: a second disk lost before the first is made up for may take what only they had, and
    /// no system could give it back.
    /// </summary>
    private bool CanBeLost(SimulatedNode chosen)
    {
        var led = Members.Where(node => node.IsRunning).SelectMany(node => node.Engine.Replicas.All).Where(status => status is { Role: RaftRole.Leader, Serves: true }).ToArray();
        var asked = Asked(except: chosen)!.Engine.View.Describe();
        var lost = asked.Members.Where(member => member.Name == chosen.Name.ToString() || gone.Any(node => node.Name.ToString() == member.Name)).Select(member => member.Node).ToArray();
        return asked.Shards.All(shard => Array.Find(led, status => status.Group.Value == shard.Shard) is { } leader
            && leader.Configuration.Voters.Count(voter => !lost.Contains(voter.Value)) > leader.Configuration.Voters.Length / 2);
    }

    private SimulatedNode? Asked(SimulatedNode except) =>
        Members.FirstOrDefault(node => node != except && node.IsRunning && !node.IsPaused && node.Engine.View.NotReadyBecause is null);

    private static string? StatusOf(SimulatedNode asked, SimulatedNode node) =>
        asked.Engine.View.Describe().Members.FirstOrDefault(member => member.Name == node.Name.ToString())?.Status;

    /// <summary>What is not settled yet; null when all who are left are ready, nobody else is a member, and everything is where it should be.</summary>
    private string? Problem()
    {
        foreach (var node in Members)
        {
            if (!node.IsRunning || node.Engine.View.NotReadyBecause is not null)
            {
                return $"{node.Name} is not ready: {(node.IsRunning ? node.Engine.View.NotReadyBecause : node.Fatal ?? "dead")}";
            }
        }

        var first = Members[0].Engine.View;
        var members = first.Describe().Members;
        if (members.Count != Members.Length || leaving.Count > 0)
        {
            return $"members are {string.Join(", ", members.Select(member => $"{member.Name} {member.Status}"))}; still to leave: {string.Join(", ", leaving.Select(node => node.Name))}";
        }

        return first.Plan() is { Balanced: false } plan ? $"{plan.Summary}: {string.Join("; ", plan.Moves)}" : null;
    }

    private string? Unequal()
    {
        var groups = Members.SelectMany(node => node.Engine.Replicas.All.Select(status => (node.Name, Status: status))).GroupBy(held => held.Status.Group);
        foreach (var group in groups)
        {
            var wanted = group.Key.IsControl ? Members.Length : Math.Min(3, Members.Length);
            var different = group.Select(held => (held.Status.Applied, held.Status.StateHash)).Distinct().Count() > 1 || group.Any(held => held.Status.StateHash is null);
            if (different || group.Count() != wanted || group.Count(held => held.Status.Role == RaftRole.Leader) != 1)
            {
                return $"shard {group.Key}: " + string.Join(", ", group.Select(held => $"{held.Name} {held.Status.Role} term {held.Status.Term} applied {held.Status.Applied} hash {held.Status.StateHash:x}"));
            }
        }

        return null;
    }

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
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"seed {seed}, at {Now.TotalSeconds:0.000} s: {otherwise()}\nreplay: ELASTIC_SEEDS={seed} dotnet run --project tests/Simulation -- -class '*ElasticChaosTests'\n\n{string.Join('\n', changes)}\n\n{faults.Log}\n\n{cluster.Diary}"));
        }
    }

    private void Say(string words) => changes.Add(string.Create(CultureInfo.InvariantCulture, $"{Now.TotalSeconds:0.000} {words}"));
}
