using Cluster.Engine.Port;
using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Two clusters side by side: each forms by itself, and nothing crosses but messages to registered actors.</summary>
public class FederationTests
{
    private static readonly TimeSpan Forms = TimeSpan.FromSeconds(30);

    [Fact]
    public void Each_cluster_forms_by_itself_and_counts_only_its_own_nodes()
    {
        var world = Formed(seed: 7);

        Assert.Equal(["n1,n2,n3", "n4,n5,n6"], world.Nodes.Select(node => string.Join(',', node.Engine.View.Describe().Members.Select(member => member.Name))).Distinct());
        Assert.Equal(2, world.Nodes.Select(node => node.Engine.View.Describe().ClusterId).Distinct().Count());
        Assert.Equal(["east", "west"], world.Nodes.Select(node => node.Engine.View.Describe().Name).Distinct());
    }

    [Fact]
    public void A_cluster_that_hears_nothing_of_the_other_goes_on()
    {
        var world = Formed(seed: 8);
        world.Partition([1, 2, 3], [4, 5, 6]);
        world.Run(TimeSpan.FromSeconds(10));

        Assert.All(world.Nodes, node => Assert.Null(node.Engine.View.NotReadyBecause));
        Assert.All(world.Nodes, node => Assert.DoesNotContain(node.Engine.View.Describe().Members, member => !member.Reachable));
    }

    [Fact]
    public void A_registered_actor_hears_the_other_cluster_and_can_answer_and_nobody_else_does()
    {
        var world = Formed(seed: 9);
        var (here, there) = (world.Nodes[0].Engine, world.Nodes.Skip(3).Select(node => node.Engine).ToList());
        var (asked, answered) = (new List<string>(), new List<string>());
        foreach (var node in there)
        {
            node.Federation.Register("echo", node.System.ActorOf(Props.Create(() => new Echo(asked))));
        }

        here.Federation.Register("echo", here.System.ActorOf(Props.Create(() => new Echo(answered))));
        Assert.True(here.Federation.Tell("west", "echo", new Word("hello")));
        Assert.True(here.Federation.Tell("west", "nobody", new Word("lost")));
        Assert.False(here.Federation.Tell("north", "echo", new Word("lost")));
        world.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(["hello from east"], asked);
        Assert.Equal(["hello! from west"], answered);
    }

    [Fact]
    public void A_message_that_cannot_travel_is_a_dead_letter_that_says_why()
    {
        var world = Formed(seed: 10);
        var here = world.Nodes[0].Engine;
        var letters = new List<DeadLetter>();
        here.System.EventStream.Subscribe(here.System.ActorOf(Props.Create(() => new Letters(letters))), typeof(DeadLetter));

        Assert.False(here.Federation.Tell("west", "echo", new Word(new string('<', 300_000))));
        Assert.False(here.Federation.Tell("west", "echo", "not registered"));
        world.Run(TimeSpan.FromSeconds(1));

        Assert.Contains(letters, letter => letter.Reason.Contains("more than 1048576", StringComparison.Ordinal));
        Assert.Contains(letters, letter => letter.Reason.Contains("not registered as a message", StringComparison.Ordinal));
    }

    private static SimulatedCluster Formed(int seed)
    {
        var world = new SimulatedCluster(seed, 6, options => options with { Messages = messages => messages.Register("test.word", 1, WordJson.Default.Word) }, clusters: 2);
        world.StartAll();
        world.RunUntil(() => world.Nodes.All(node => node.IsRunning && node.Engine.View.NotReadyBecause is null), Forms, () => "two clusters");
        world.Run(TimeSpan.FromSeconds(1));
        return world;
    }

    private sealed class Letters(List<DeadLetter> read) : Actor
    {
        protected override void Receive(object message) => read.Add((DeadLetter)message);
    }

    /// <summary>Notes what it hears, and answers once.</summary>
    private sealed class Echo(List<string> heard) : Actor
    {
        protected override void Receive(object message)
        {
            var from = (FromCluster)message;
            var word = ((Word)from.Message).Text;
            heard.Add($"{word} from {from.Cluster}");
            if (!word.EndsWith('!'))
            {
                Sender.Tell(new Word(word + "!"), Self);
            }
        }
    }
}

/// <summary>A word between clusters.</summary>
public sealed record Word(string Text);

[System.Text.Json.Serialization.JsonSerializable(typeof(Word))]
internal sealed partial class WordJson : System.Text.Json.Serialization.JsonSerializerContext;
