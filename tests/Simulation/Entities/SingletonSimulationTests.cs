using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation;
using Cluster.Shared.Ids;

namespace Cluster.Simulation.Tests.Entities;

/// <summary>The cluster singleton on whole nodes: never two, soon one again, whatever happens to its node.</summary>
public class SingletonSimulationTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Never_two_and_soon_one_again_whatever_happens_to_its_node(int seed)
    {
        var stage = new SingletonStage(seed);
        var cluster = stage.Cluster;
        var first = stage.AwaitLive();
        var host = NumberOf(cluster, first);
        int[] others = [.. new[] { 1, 2, 3 }.Where(number => number != host)];
        cluster.Run(TimeSpan.FromMilliseconds(seed * 37 % 1_000));
        switch (seed % 5)
        {
            case 0:
                cluster.Nodes[host - 1].Kill();
                stage.AwaitLive(life => life.Epoch > first.Epoch);
                cluster.Start(host);
                stage.Offer(cluster.Nodes[host - 1]);
                break;
            case 1:
                cluster.Partition([host], others);
                stage.AwaitLive(life => life.Epoch > first.Epoch);
                Assert.True(first.HasStopped);
                cluster.Network.Heal();
                break;
            case 2:
                var left = cluster.Await(cluster.Nodes[others[0] - 1].Engine.Administration.LeaveAsync(first.Node.Name, default), TimeSpan.FromSeconds(10));
                Assert.Null(left);
                stage.AwaitLive(life => life.Epoch > first.Epoch);
                break;
            case 3: // A short cut, about as long as a lease: it may stop and go on, or move; never both.
                cluster.Partition([host], others);
                cluster.Run(TimeSpan.FromMilliseconds(1_500 + (seed * 100)));
                cluster.Network.Heal();
                break;
            default: // Heard by nobody, and hearing everybody.
                foreach (var other in others)
                {
                    cluster.Network.Cut(AddressOf(host), AddressOf(other));
                }

                stage.AwaitLive(life => life.Epoch > first.Epoch);
                Assert.True(first.HasStopped);
                cluster.Network.Heal();
                break;
        }

        cluster.Run(TimeSpan.FromSeconds(3));
        stage.AwaitLive();
        stage.AssertOneAtATime();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void A_node_that_all_hear_and_that_does_not_hear_the_control_planes_leader_is_replaced_soon(int seed, bool hearsNobody)
    {
        var stage = new SingletonStage(seed);
        var cluster = stage.Cluster;
        var first = stage.AwaitLive();
        var host = NumberOf(cluster, first);
        if (LeaderOfControl(cluster) == host)
        {
            first.Node.Pause(); // Another one leads, and the singleton stays.
            cluster.Run(TimeSpan.FromSeconds(1.5));
            first.Node.Resume();
            cluster.Run(TimeSpan.FromSeconds(1));
            first = stage.AwaitLive();
        }

        Assert.NotEqual(host, LeaderOfControl(cluster));
        Assert.Equal(host, NumberOf(cluster, first));
        foreach (var other in new[] { 1, 2, 3 }.Where(number => number != host && (hearsNobody || number == LeaderOfControl(cluster))))
        {
            cluster.Network.Cut(AddressOf(other), AddressOf(host));
        }

        var cutAt = cluster.Time.GetUtcNow();
        var second = stage.AwaitLive(life => life.Epoch > first.Epoch);

        Assert.NotEqual(first.Node, second.Node);
        Assert.True(first.HasStopped);
        Assert.InRange(cluster.Time.GetUtcNow() - cutAt, TimeSpan.Zero, TimeSpan.FromSeconds(9));
        cluster.Network.Heal();
        cluster.Run(TimeSpan.FromSeconds(3));
        stage.AssertOneAtATime();
    }

    [Fact]
    public void A_node_that_leaves_hands_over_at_once()
    {
        var stage = new SingletonStage(2);
        var first = stage.AwaitLive();
        var asked = stage.Cluster.Time.GetUtcNow();
        stage.Cluster.Await(first.Node.Engine.Administration.LeaveAsync(first.Node.Name, default), TimeSpan.FromSeconds(10));
        stage.AwaitLive(life => life.Epoch > first.Epoch);
        Assert.InRange(stage.Cluster.Time.GetUtcNow() - asked, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_node_that_starts_again_soon_keeps_it()
    {
        var stage = new SingletonStage(3);
        var first = stage.AwaitLive();
        stage.Cluster.Run(TimeSpan.FromMilliseconds(300));
        first.Node.Kill();
        stage.Cluster.Run(TimeSpan.FromMilliseconds(300));
        stage.Cluster.Start(NumberOf(stage.Cluster, first));
        stage.Offer(first.Node);
        var second = stage.AwaitLive();
        Assert.NotSame(first, second);
        Assert.Equal(first.Epoch, second.Epoch);
        stage.Cluster.Run(TimeSpan.FromMilliseconds(300));
        stage.AssertOneAtATime();
    }

    [Fact]
    public void What_is_told_to_any_proxy_reaches_it_and_waits_through_a_move()
    {
        var stage = new SingletonStage(4);
        var first = stage.AwaitLive();
        var sender = stage.Cluster.Nodes.First(node => node != first.Node);
        var proxy = sender.Engine.Singletons.Proxy("clock");
        proxy.Tell(new Note("before"));
        stage.Cluster.RunUntil(() => stage.Heard.Count == 1, TimeSpan.FromSeconds(5), () => "the first note");
        first.Node.Kill();
        stage.Cluster.Run(TimeSpan.FromSeconds(3)); // By now the proxy knows that its node is out of reach.
        proxy.Tell(new Note("meanwhile 1"));
        proxy.Tell(new Note("meanwhile 2"));
        stage.Cluster.RunUntil(() => stage.Heard.Count == 3, TimeSpan.FromSeconds(20), () => "the notes told meanwhile");
        Assert.Equal(["before", "meanwhile 1", "meanwhile 2"], stage.Heard.Select(note => note.Words));
        Assert.True(stage.Heard[2].Epoch > first.Epoch);
    }

    [Fact]
    public void Only_nodes_of_its_role_run_it()
    {
        var cluster = SimulatedClusters.Ready(5, options => options with { Shards = 1, Roles = options.Name.ToString() == "n3" ? ["worker"] : [] });
        var ran = new List<string>();
        foreach (var node in cluster.Nodes)
        {
            node.Engine.Singletons.Start("job", _ => Engine.Port.Props.Create(() => new Marker(ran, node)), role: "worker");
        }

        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(["n3"], ran);
        Assert.Throws<ArgumentException>(() => cluster.Nodes[0].Engine.Singletons.Proxy("not a name"));
    }

    private static int LeaderOfControl(SimulatedCluster cluster) => 1 + cluster.Nodes.ToList().FindIndex(node => node.Engine.Replicas.Find(ShardId.Control) is { Role: RaftRole.Leader, Serves: true });

    private static int NumberOf(SimulatedCluster cluster, SingletonStage.Life life) => 1 + cluster.Nodes.ToList().IndexOf(life.Node);

    private static Shared.Ids.NodeAddress AddressOf(int number) => new($"10.0.0.{number}", 4053);

    private sealed class Marker : Engine.Port.Actor
    {
        public Marker(List<string> ran, SimulatedNode node) => ran.Add(node.Name.ToString());

        protected override void Receive(object message) => Unhandled(message);
    }
}
