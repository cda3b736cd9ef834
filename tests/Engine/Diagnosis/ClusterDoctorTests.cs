using System.Collections.Immutable;
using Cluster.Engine.Consensus;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Diagnosis;
using Cluster.Engine.Flaws;
using Cluster.Engine.Replication;
using Cluster.Engine.Tests.ControlPlane;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Diagnosis;

/// <summary>What is wrong is said in words: who, why, and what to do. What is well is not mentioned.</summary>
public class ClusterDoctorTests
{
    private readonly ControlPlaneModel plane = new ControlPlaneModel().WithUpMembers(3, shards: 4).WithTable();
    private readonly HashSet<uint> lost = [];
    private readonly List<ReplicaStatus> replicas = [];
    private readonly Dictionary<NodeId, TimeSpan> skew = [];
    private readonly Dictionary<string, string> refusals = [];
    private readonly List<PlantedFlaw> flaws = [];
    private GroupReports reports = GroupReports.Empty;
    private Func<ShardId, NodeId> leaderOf = _ => new NodeId(1);
    private string? waiting;
    private string? storage;

    [Fact]
    public void A_healthy_cluster_has_no_findings()
    {
        Report(1, 1, 2, 3);
        Assert.Empty(Diagnose());
    }

    [Fact]
    public void A_shard_without_a_leader_says_who_is_missing_and_how_many_are_needed()
    {
        lost.UnionWith([2, 3]);
        leaderOf = shard => shard.Value is 1 or 2 ? NodeId.None : new NodeId(1);
        var finding = Only("shard-without-leader");
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Equal("s1, s2", finding.Subject);
        Assert.Contains("n2, n3 cannot be reached from here, and 2 are needed", finding.Problem, StringComparison.Ordinal);
        Assert.Contains("start n2, n3", finding.Advice, StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Error, Diagnose()[0].Severity);
    }

    [Fact]
    public void A_leader_that_cannot_be_reached_is_none_and_an_election_is_said_to_be_under_way()
    {
        lost.Add(2);
        leaderOf = shard => shard.IsControl ? new NodeId(1) : new NodeId(2);
        Assert.Contains("the others are a majority and elect one", Only("shard-without-leader").Problem, StringComparison.Ordinal);
        lost.Clear();
        leaderOf = shard => shard.IsControl ? new NodeId(1) : NodeId.None;
        Assert.Contains("an election is under way", Only("shard-without-leader").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaver_says_how_many_replicas_it_still_has_and_for_whom_it_waits()
    {
        plane.Accept(plane.Status(3, MemberStatus.Leaving));
        Assert.Contains("n3 is leaving; it still has to hand over 4 replicas (s1, s2, s3, s4)", Only("member-leaving").Problem, StringComparison.Ordinal);
        plane.Replan();
        Assert.Contains("4 shards have not said yet that they do without it", Only("member-leaving").Problem, StringComparison.Ordinal);
        lost.Add(2);
        Assert.Contains("n2 cannot be reached, and may be needed", Only("member-leaving").Problem, StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Warning, Only("member-leaving").Severity);
    }

    [Fact]
    public void A_silent_member_says_what_becomes_of_its_replicas_and_which_shards_are_at_risk()
    {
        lost.Add(3);
        Assert.Contains("n3 cannot be reached from n1; the table names it for 4 shards; others take its replicas when it has been silent for 300 s", Only("member-unreachable").Problem, StringComparison.Ordinal);
        Assert.Contains("the loss of one more stops s1, s2, s3, s4", Only("shards-at-risk").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Joining_exiting_and_down_members_each_have_their_words()
    {
        plane.Accept(ControlPlaneModel.Join(ControlPlaneModel.Node(4)));
        Assert.Contains("n4 is joining: the control plane's leader makes it up", Only("member-joining").Problem, StringComparison.Ordinal);
        lost.Add(4);
        Assert.Contains("cannot be reached", Only("member-joining").Problem, StringComparison.Ordinal);
        plane.Accept(plane.Status(4, MemberStatus.Leaving));
        plane.Accept(plane.Status(4, MemberStatus.Exiting));
        Assert.Contains("stop its process", Only("member-exiting").Advice, StringComparison.Ordinal);
        plane.Accept(plane.Status(4, MemberStatus.Down));
        Assert.Contains("empty data directory", Only("member-down").Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replica_far_behind_is_named_with_its_lag()
    {
        reports = reports.With(new NodeHeartbeat { Node = 1, Incarnation = 1, Sequence = 1, Leads = { new LedShard { Shard = 2, Term = 1, Voters = { 1, 2, 3 }, Behind = { new ReplicaLag { Node = 2, Entries = 40_000, AwaitsSnapshot = true } } } } });
        var finding = Only("replica-behind");
        Assert.Equal("s2 on n2", finding.Subject);
        Assert.Contains("40000 entries behind its leader n1, and is being sent a snapshot", finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_the_node_itself_is_said()
    {
        storage = "no space left";
        skew[new NodeId(2)] = TimeSpan.FromSeconds(-3.2);
        refusals["127.0.0.1:4056"] = "it speaks protocol 2, this node speaks 1";
        replicas.Add(Status(ShardId.Control, [1, 2, 3]));
        replicas.Add(Status(new ShardId(3), [1, 2, 3]) with { Missing = new LogIndex(17) });
        Assert.Contains("no space left", Only("disk-refuses").Problem, StringComparison.Ordinal);
        Assert.Contains("the clock of n2 is 3.2 s behind that of n1", Only("clock-skew").Problem, StringComparison.Ordinal);
        Assert.Contains("it speaks protocol 2", Only("link-refused").Problem, StringComparison.Ordinal);
        Assert.Contains("lacks entries up to 17", Only("entries-missing").Problem, StringComparison.Ordinal);
        waiting = "no answer from n1";
        Assert.Contains("no answer from n1", Only("not-a-member").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_control_plane_without_a_leader_or_with_too_few_votes_is_said()
    {
        replicas.Add(Status(ShardId.Control, [1]));
        Assert.Contains("votes on 1 of 3 members", Only("control-plane-forming").Problem, StringComparison.Ordinal);
        leaderOf = shard => shard.IsControl ? NodeId.None : new NodeId(1);
        Assert.Contains("no member can join or leave", Only("control-plane-without-leader").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_on_their_way_are_a_note()
    {
        Report(1, 1, 2);
        Assert.Equal(FindingSeverity.Note, Only("shards-moving").Severity);
        Assert.Contains("4 shards are on their way", Only("shards-moving").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecast_tells_each_move_and_why_and_nothing_when_balanced()
    {
        Report(1, 1, 2, 3);
        var balanced = Plan();
        Assert.True(balanced.Balanced, balanced.Summary);
        plane.AddUp(4);
        Report(1, 1, 2, 3);
        var joined = Plan();
        Assert.Equal(3, joined.Moves.Count(move => move is { Kind: MoveKind.AddReplica, To: "n4", UnderWay: false }));
        Assert.All(joined.Moves.Where(move => move.Kind == MoveKind.AddReplica), move => Assert.Contains("replicas are balanced", move.Because, StringComparison.Ordinal));
        plane.Accept(plane.Status(2, MemberStatus.Leaving));
        Report(1, 1, 2, 3);
        var leaving = Plan();
        Assert.Equal(4, leaving.Moves.Count(move => move is { Kind: MoveKind.RemoveReplica, From: "n2", Because: "n2 is leaving" }));
        plane.Replan();
        Report(1, 1, 2, 3);
        Assert.All(Plan().Moves.Where(move => move.From == "n2"), move => Assert.True(move.UnderWay));
        Assert.Equal(Enumerable.Range(1, leaving.Moves.Count), leaving.Moves.Select(move => move.Step));
    }

    [Fact]
    public void A_node_that_is_broken_on_purpose_is_never_found_healthy()
    {
        flaws.Add(FlawCatalog.All.Single(flaw => flaw.Name == "no-fsync"));
        var finding = Only("planted-flaw");
        Assert.Equal((FindingSeverity.Warning, "no-fsync on n1"), (finding.Severity, finding.Subject));
        Assert.Contains("n1 is broken on purpose: it reports its log as durable without flushing it", finding.Problem, StringComparison.Ordinal);
    }

    private PlacementPlanView Plan() => PlacementForecast.Make("n1", plane.View, node => !lost.Contains(node.Value), _ => false, reports.Newest());

    private FindingView Only(string code) => Assert.Single(Diagnose(), finding => finding.Code == code);

    private IReadOnlyList<FindingView> Diagnose() => ClusterDoctor.Diagnose(new NodeFacts(
        new NodeId(1), "n1", plane.View, waiting, storage, replicas, reports, leaderOf, node => !lost.Contains(node.Value), _ => false, skew, refusals, [plane.View.Members[0].Address], TimeSpan.FromMinutes(5))
    {
        Flaws = flaws,
    });

    /// <summary>The leaders' word: every shard has these voters.</summary>
    private void Report(uint leader, params uint[] voters)
    {
        var heartbeat = new NodeHeartbeat { Node = leader, Incarnation = 1, Sequence = plane.View.Epoch + (ulong)voters.Length, Epoch = plane.View.Epoch };
        foreach (var shard in plane.View.Shards)
        {
            heartbeat.Leads.Add(new LedShard { Shard = shard.Shard.Value, Term = 1, Voters = { voters } });
        }

        reports = GroupReports.Empty.With(heartbeat);
        var preferred = plane.View.Shards.ToDictionary(shard => shard.Shard, shard => shard.PreferredLeader);
        foreach (var group in preferred.GroupBy(entry => entry.Value))
        {
            // Each shard is led where the table prefers it, or there would be hand-overs to forecast.
            var own = new NodeHeartbeat { Node = group.Key.Value, Incarnation = 1, Sequence = heartbeat.Sequence + 1, Epoch = plane.View.Epoch };
            own.Leads.AddRange(group.Select(entry => new LedShard { Shard = entry.Key.Value, Term = 2, Voters = { voters } }));
            reports = reports.With(own);
        }
    }

    private static ReplicaStatus Status(ShardId group, uint[] voters) => new(
        group,
        RaftRole.Follower,
        Term.Zero,
        new NodeId(1),
        false,
        LogIndex.Zero,
        LogIndex.Zero,
        RaftConfiguration.Of(voters.Select(node => new NodeId(node))),
        false,
        ImmutableArray<FollowerLag>.Empty,
        null,
        0);
}
