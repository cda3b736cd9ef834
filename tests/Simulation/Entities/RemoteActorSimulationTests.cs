using Cluster.Engine.Port;
using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Entities;

/// <summary>Actors of different nodes: messages by path, and ends that are told.</summary>
public class RemoteActorSimulationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly List<object> heard = [];
    private readonly SimulatedCluster cluster = Ready(1);

    [Fact]
    public void A_message_goes_to_a_path_on_another_node_and_its_answer_comes_back()
    {
        Node(1).System.ActorOf(Props.Create(() => new Echo()), "echo");
        var ask = Node(2).System.Resolve("cluster://n1@10.0.0.1:4053/user/echo").Ask<Note>(new Note("hello"), Patience);
        Assert.Equal(new Note("hello"), cluster.Await(new ValueTask<Note>(ask), Patience));
    }

    [Fact]
    public void A_reference_inside_a_message_works_where_it_arrives()
    {
        Node(1).System.ActorOf(Props.Create(() => new Echo()), "echo");
        var listener = Node(3).System.ActorOf(Props.Create(() => new Listener(heard)));
        Node(3).System.Resolve("cluster://n1@10.0.0.1:4053/user/echo").Tell(new Introduce(listener), listener);
        cluster.RunUntil(() => heard.Count >= 1, Patience, () => "a greeting");
        Assert.Equal(new Note("nice to meet you"), heard[0]);
    }

    [Fact]
    public void An_actor_that_ends_elsewhere_is_told_to_its_watcher()
    {
        var echo = WatchEcho();
        Node(1).System.Stop(echo);
        var terminated = AwaitTerminated();
        Assert.True(terminated.ExistenceConfirmed);
        Assert.False(terminated.AddressTerminated);
    }

    [Fact]
    public void A_dead_node_is_silence_until_it_is_declared_down()
    {
        WatchEcho();
        cluster.Nodes[0].Kill();
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Empty(heard);
        Assert.Null(cluster.Await(Node(3).Administration.DownAsync(cluster.Nodes[0].Name, default), Patience));
        Assert.True(AwaitTerminated().AddressTerminated);
    }

    [Fact]
    public void A_node_that_starts_again_has_ended_its_former_actors()
    {
        WatchEcho();
        cluster.Nodes[0].Kill();
        cluster.Run(TimeSpan.FromMilliseconds(300));
        Assert.Empty(heard);
        cluster.Start(1);
        Node(1).System.ActorOf(Props.Create(() => new Echo()), "echo");
        AwaitTerminated();
        Assert.Single(heard);
    }

    private static SimulatedCluster Ready(int seed) => SimulatedClusters.Ready(seed, options => options with
    {
        Shards = 1,
        Messages = messages => messages.Register("note", 1, StageJson.Default.Note).Register("introduce", 1, StageJson.Default.Introduce),
    });

    private Engine.Hosting.EmbeddedNode Node(int number) => cluster.Nodes[number - 1].Engine;

    private IActorRef WatchEcho()
    {
        var echo = Node(1).System.ActorOf(Props.Create(() => new Echo()), "echo");
        Node(2).System.ActorOf(Props.Create(() => new Watcher(heard)));
        cluster.Run(TimeSpan.FromMilliseconds(200));
        Assert.Empty(heard);
        return echo;
    }

    private Terminated AwaitTerminated()
    {
        cluster.RunUntil(() => heard.Count > 0, Patience, () => "Terminated");
        return Assert.IsType<Terminated>(heard[0]);
    }

    private sealed class Echo : Actor
    {
        protected override void Receive(object message)
        {
            if (message is Introduce introduced)
            {
                introduced.Friend.Tell(new Note("nice to meet you"), Self);
            }
            else
            {
                Sender.Tell(message, Self);
            }
        }
    }

    private sealed class Listener(List<object> heard) : Actor
    {
        protected override void Receive(object message) => heard.Add(message);
    }

    private sealed class Watcher(List<object> heard) : Actor
    {
        protected override void PreStart() => Context.Watch(Context.System.Resolve("cluster://n1@10.0.0.1:4053/user/echo"));

        protected override void Receive(object message) => heard.Add(message);
    }
}
