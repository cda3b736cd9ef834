using Cluster.Engine.Simulation;
using Cluster.Lab.Messages;
using Cluster.Shared.Http;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>The messages of a simulated cluster, recorded in virtual time: all of them when nothing is lost, and what was lost with its reason.</summary>
public class RecordingTests
{
    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_message_of_a_healthy_run_has_both_its_ends(int seed)
    {
        var (cluster, load) = Recorded(seed);
        load.Run(TimeSpan.FromSeconds(1));
        Quiet(cluster);

        var messages = Messages(cluster);

        Assert.True(messages.Count > 1000, $"only {messages.Count} messages");
        Assert.DoesNotContain(messages, message => message.ReceivedAt is null || message.DroppedBecause is not null);
        Assert.All(messages, message => Assert.InRange(message.ReceivedAt!.Value - message.SentAt, 50_000, 20_000_000));
        Assert.Contains(messages, message => message is { Kind: "AppendEntries", Keys.Count: > 0, Shard: > 0, Term: > 0 });
        Assert.DoesNotContain(messages, message => message.Kind == "Unreadable");
        foreach (var asked in messages.Where(message => message.Kind == "Request" && message.Keys.Count == 1))
        {
            Assert.Contains(messages, message => message.Kind == "Reply" && message.From == asked.To && message.To == asked.From && message.Keys.SequenceEqual(asked.Keys) && message.SentAt > asked.SentAt);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_cut_and_a_lossy_link_show_what_they_dropped_and_only_that(int seed)
    {
        var (cluster, load) = Recorded(seed);
        cluster.Nodes[0].Engine.Faults.Set([new LinkFaultView("n2", LossPercent: 30)]);
        load.Run(TimeSpan.FromSeconds(1));
        cluster.Nodes[0].Engine.Faults.Set([]);
        Quiet(cluster);
        var cutAt = Now(cluster);
        cluster.Partition([3], [1, 2]);
        load.Run(TimeSpan.FromSeconds(1));
        cluster.Network.Heal();
        Quiet(cluster);

        var lost = Messages(cluster).Where(message => message.DroppedBecause is not null).ToList();

        Assert.True(lost.Count(message => message.DroppedBecause == "lost by a link fault") > 20, "the lossy link lost messages");
        Assert.True(lost.Count(message => message.DroppedBecause == "the link is cut") > 20, "the cut swallowed messages");
        Assert.All(lost.Where(message => message.DroppedBecause == "lost by a link fault"), message => Assert.Equal(("n1", "n2"), (message.From, message.To)));
        Assert.All(lost.Where(message => message.DroppedBecause == "the link is cut"), message => Assert.True((message.From == "n3") != (message.To == "n3") && message.SentAt >= cutAt));
        Assert.All(lost, message => Assert.Null(message.ReceivedAt));
    }

    [Fact]
    public void Recording_changes_nothing_of_a_run_and_goes_on_after_a_crash()
    {
        Assert.Equal(Story(recorded: false), Story(recorded: true));

        static string Story(bool recorded)
        {
            var cluster = Ready(5, recorded);
            var load = new SimulatedLoad(cluster, writers: 4);
            load.Run(TimeSpan.FromMilliseconds(500));
            cluster.Nodes[1].Kill();
            load.Run(TimeSpan.FromSeconds(1));
            cluster.Start(2);
            var startedAt = Now(cluster);
            load.Run(TimeSpan.FromSeconds(1));
            var messages = Messages(cluster);
            Assert.Equal(recorded, messages.Any(message => message.From == "n2" && message.SentAt < startedAt - 1_000_000_000));
            Assert.Equal(recorded, messages.Any(message => message.From == "n2" && message.SentAt > startedAt));
            return $"{load.Acknowledged} {cluster.Diary}";
        }
    }

    private static (SimulatedCluster Cluster, SimulatedLoad Load) Recorded(int seed)
    {
        var cluster = Ready(seed, recorded: true);
        Quiet(cluster);
        foreach (var node in cluster.Nodes)
        {
            // What a cluster says while it forms goes in part to nodes that do not listen yet.
            node.Recorder.Stop();
            node.Recorder.Start();
        }

        return (cluster, new SimulatedLoad(cluster, writers: 4));
    }

    private static SimulatedCluster Ready(int seed, bool recorded)
    {
        var cluster = new SimulatedCluster(seed, 3);
        foreach (var node in cluster.Nodes.Where(_ => recorded))
        {
            node.Recorder.Start();
        }

        cluster.StartAll();
        cluster.RunUntil(() => cluster.Nodes.All(node => node.Engine.View.NotReadyBecause is null), TimeSpan.FromSeconds(30), () => "all nodes ready");
        return cluster;
    }

    /// <summary>Switches nothing off, but lets what is under way arrive: heartbeats go on, so the recording ends at an instant at which nothing is.</summary>
    private static void Quiet(SimulatedCluster cluster) => cluster.RunUntil(
        () => Messages(cluster).All(message => message.ReceivedAt is not null || message.DroppedBecause is not null),
        TimeSpan.FromSeconds(5),
        () => "an instant at which nothing is under way");

    /// <summary>In nanoseconds, as the records have it.</summary>
    private static long Now(SimulatedCluster cluster) => cluster.Nodes[0].Recorder.State.Now;

    private static IReadOnlyList<RecordedMessage> Messages(SimulatedCluster cluster) =>
        MessageJoiner.Join(cluster.Nodes.SelectMany(node => node.Recorder.Read(0, int.MaxValue)), beginning: 0);
}
