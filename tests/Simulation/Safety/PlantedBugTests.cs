using Cluster.Engine.Actors;
using Cluster.Engine.Consensus;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;
using Cluster.Engine.Simulation.Safety;
using Cluster.Engine.Storage;
using Cluster.Simulation.Tests.Clusters;
using Cluster.Simulation.Tests.Entities;

namespace Cluster.Simulation.Tests.Safety;

/// <summary>Each rule is worth something only if it catches, by itself and in a run of whole nodes, a bug that breaks it.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    /// <summary>Skipping the check of the entry before shows rarely: two elections must leave logs of different lengths behind.</summary>
    private const int MostSeeds = 200;

    [Theory]
    [InlineData(RaftFlaws.VoteTwice | RaftFlaws.ForgetVote, SafetyRule.ElectionSafety)]
    [InlineData(RaftFlaws.VoteTwice, SafetyRule.ElectionSafety)]
    [InlineData(RaftFlaws.SkipPreviousEntryCheck, SafetyRule.LogMatching)]
    [InlineData(RaftFlaws.IgnoreCandidateLog, SafetyRule.LeaderCompleteness)]
    [InlineData(RaftFlaws.IgnoreCandidateLog, SafetyRule.StateMachineSafety)]
    [InlineData(RaftFlaws.IgnoreCandidateLog, SafetyRule.EqualStates)]
    [InlineData(RaftFlaws.IgnoreCandidateLog, SafetyRule.CoreInvariant)]
    [InlineData(RaftFlaws.LeaseWithoutMajority, SafetyRule.OneLeaderServes)]
    [InlineData(RaftFlaws.AcknowledgeBeforePersist, SafetyRule.AnsweredIsDurable)]
    internal void A_planted_bug_is_caught_by_the_rule_that_it_breaks(RaftFlaws flaw, SafetyRule rule)
    {
        for (var seed = 1; seed <= MostSeeds; seed++)
        {
            if (new JudgedChaos(seed, flaw, rule).Run() is { } violation)
            {
                output.WriteLine($"seed {seed}: {violation}");
                Assert.Equal(rule, violation.Rule);
                Assert.NotEmpty(violation.Nodes);
                return;
            }
        }

        Assert.Fail($"{flaw} went unnoticed by {rule} in {MostSeeds} seeds");
    }

    [Fact]
    public void A_disk_that_lies_about_a_flush_is_caught_at_the_first_answer_that_rests_on_it()
    {
        var cluster = SimulatedClusters.Ready(3);
        Write(cluster);
        var answered = cluster.Safety.AnswersJudged;
        Assert.True(answered > 0, "no answer was held against the disks");
        cluster.Nodes[0].Disk.Faults.LieAboutFlushes = true;
        cluster.Nodes[1].Disk.Faults.LieAboutFlushes = true;

        var caught = Assert.Throws<SafetyViolationException>(() => Write(cluster)).Violation;

        Assert.Equal(SafetyRule.AnsweredIsDurable, caught.Rule);
        Assert.Contains("on the disk of", caught.Sentence, StringComparison.Ordinal);
        Assert.Equal(caught, cluster.Safety.Violation);
        Assert.Throws<SafetyViolationException>(() => cluster.Run(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void One_disk_of_three_that_lies_leaves_a_majority_and_breaks_nothing_by_itself()
    {
        var cluster = SimulatedClusters.Ready(3);
        cluster.Nodes[2].Disk.Faults.LieAboutFlushes = true;
        cluster.Nodes[2].DiskLatency = TimeSpan.FromMilliseconds(50); // Behind the two honest ones, so that no majority needs its word.
        new SimulatedLoad(cluster, writers: 3) { Among = [cluster.Nodes[0]] }.Run(TimeSpan.FromSeconds(1));
        Assert.Null(cluster.Safety.Violation);
    }

    [Fact]
    public void A_node_that_comes_back_without_what_its_disk_had_kept_is_caught()
    {
        var cluster = SimulatedClusters.Ready(5);
        new SimulatedLoad(cluster, writers: 3).Run(TimeSpan.FromSeconds(1));
        var disk = cluster.Nodes[1].Disk;
        cluster.Nodes[1].Kill();
        EraseLastBatch(disk);
        cluster.Safety.JudgesOnly = SafetyRule.RecoveredIsWhole;

        cluster.Start(2);
        var caught = Assert.Throws<SafetyViolationException>(() => cluster.Run(TimeSpan.FromSeconds(1))).Violation;

        Assert.Equal(SafetyRule.RecoveredIsWhole, caught.Rule);
        Assert.Equal(["n2"], caught.Nodes);
    }

    [Fact]
    public void A_node_that_ends_itself_on_a_sound_disk_is_caught()
    {
        var cluster = new SimulatedCluster(1, 3, options => options.Name.ToString() == "n3" ? options : options with { Entities = [Counter.Type] });
        cluster.Safety.JudgesOnly = SafetyRule.NodeLives;
        cluster.StartAll();
        SimulatedClusters.AwaitReady(cluster);
        for (var id = 0; id < 20; id++)
        {
            _ = cluster.Nodes[0].Engine.Sharding.Start(Counter.Type).AskAsync<Total>($"c{id}", new Add(1), TimeSpan.FromSeconds(5));
        }

        var caught = Assert.Throws<SafetyViolationException>(() => cluster.Run(TimeSpan.FromSeconds(5))).Violation;

        Assert.Equal(SafetyRule.NodeLives, caught.Rule);
        Assert.Equal(["n3"], caught.Nodes);
    }

    [Fact]
    public void A_part_of_the_engine_that_fails_is_caught()
    {
        var cluster = SimulatedClusters.Ready(1);
        cluster.Safety.JudgesOnly = SafetyRule.NothingFails;
        ((ActorSystem)cluster.Nodes[1].Engine.System).Resolve("/user/node/replicas").Tell(Kill.Instance);

        var caught = Assert.Throws<SafetyViolationException>(() => cluster.Run(TimeSpan.FromSeconds(1))).Violation;

        Assert.Contains("/user/node/replicas", caught.Sentence, StringComparison.Ordinal);
    }

    private static void Write(SimulatedCluster cluster) => new SimulatedLoad(cluster, writers: 4).Run(TimeSpan.FromMilliseconds(300));

    /// <summary>As a log would that forgets its last batch, and says nothing.</summary>
    private static void EraseLastBatch(MemoryDisk disk)
    {
        var name = disk.List(WalOptions.DefaultFolder)[^1].Name;
        using var file = disk.Open(name, DiskMode.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadAt(0, bytes);
        for (var (at, last) = (WalSegmentHeader.Size, -1); ; at += WalBatch.HeaderSize + BitConverter.ToInt32(bytes, at + 4))
        {
            if (BitConverter.ToUInt32(bytes, at) == 0)
            {
                file.WriteAt(last, new byte[at - last]);
                file.Flush();
                return;
            }

            last = at;
        }
    }
}
