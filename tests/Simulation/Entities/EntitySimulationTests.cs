using Cluster.Engine.Port;
using Cluster.Engine.Simulation;
using Cluster.Engine.Simulation.Safety;
using Cluster.Shared.Results;

namespace Cluster.Simulation.Tests.Entities;

/// <summary>Entities on whole nodes under virtual time: from any node, across kills, once each.</summary>
public class EntitySimulationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Fact]
    public void An_entity_is_the_same_from_any_node()
    {
        var cluster = Ready(1);
        for (var number = 1; number <= 3; number++)
        {
            Assert.Equal(number, Ask(cluster, number, "c", new Add(1)));
        }

        Assert.All(cluster.Nodes, node => Assert.Equal(3, cluster.Await(new ValueTask<Total>(node.Engine.Sharding.Start(Counter.Type).AskAsync<Total>("c", new Read(), Patience)), Patience).Value));
        cluster.Run(TimeSpan.FromMilliseconds(500)); // Followers learn of the commit with the next heartbeat.
        Assert.All(cluster.Nodes, node => Assert.Equal(3, cluster.Await(new ValueTask<Total>(node.Engine.Sharding.Start(Counter.Type).AskStaleAsync<Total>("c", new Read(), Patience)), Patience).Value));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Under_kills_every_acknowledged_command_took_effect_once(int seed)
    {
        var cluster = Ready(seed);
        var asked = new List<(string Id, Task<Total> Answer)>();
        var random = new Random(seed);
        var victim = 1 + (seed % 3);
        var asker = 1 + ((seed + 1) % 3); // It lives on, so that each outcome is known in the end.
        for (var step = 0; step < 300; step++)
        {
            var id = $"c{random.Next(10)}";
            asked.Add((id, cluster.Nodes[asker - 1].Engine.Sharding.Start(Counter.Type).AskAsync<Total>(id, new Add(1), TimeSpan.FromSeconds(5))));
            cluster.Run(TimeSpan.FromMilliseconds(10));
            if (step == 100)
            {
                cluster.Nodes[victim - 1].Kill();
            }
            else if (step == 200)
            {
                cluster.Start(victim);
            }
        }

        cluster.RunUntil(() => asked.All(ask => ask.Answer.IsCompleted), Patience, () => "all answers");
        SimulatedClusters.AwaitReady(cluster);
        Assert.True(asked.Count(ask => ask.Answer.IsCompletedSuccessfully) > 250, "too few were acknowledged for the test to say anything");
        foreach (var entity in asked.GroupBy(ask => ask.Id))
        {
            var acknowledged = entity.Count(ask => ask.Answer.IsCompletedSuccessfully);
            var unknown = entity.Count(ask => ask.Answer.Exception?.InnerException is EntityUnavailableException { MayHaveTakenEffect: true });
            var total = AskQuery(cluster, victim, entity.Key);
            Assert.InRange(total, acknowledged, acknowledged + unknown);

            // Each acknowledged command saw another total: no two were decided on the same state.
            var totals = entity.Where(ask => ask.Answer.IsCompletedSuccessfully).Select(ask => ask.Answer.Result.Value).ToArray();
            Assert.Equal(totals.Length, totals.Distinct().Count());
        }
    }

    [Fact]
    public void Power_lost_everywhere_loses_no_entity()
    {
        var cluster = Ready(3);
        for (var i = 0; i < 20; i++)
        {
            Ask(cluster, 1 + (i % 3), $"c{i}", new Add(i));
        }

        foreach (var node in cluster.Nodes)
        {
            node.LosePower();
        }

        cluster.StartAll();
        SimulatedClusters.AwaitReady(cluster);
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(i, AskQuery(cluster, 1, $"c{i}")));
    }

    [Fact]
    public void Idle_entities_rest_on_every_node_and_wake_when_asked()
    {
        var cluster = Ready(2);
        Ask(cluster, 1, "c", new Add(1));
        cluster.Run(TimeSpan.FromMilliseconds(300)); // Figures are posted four times a second.
        Assert.Contains(cluster.Nodes[0].Engine.Sharding.Figures, figures => figures.Live == 1);
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.All(cluster.Nodes, node => Assert.Equal((0, 1), Sum(node)));
        Assert.Equal(2, Ask(cluster, 2, "c", new Add(1)));
        Assert.All(cluster.Nodes, node => Assert.Equal("counter", node.Engine.Sharding.Figures[0].Type));

        static (int, int) Sum(SimulatedNode node) => (node.Engine.Sharding.Figures.Sum(row => row.Live), node.Engine.Sharding.Figures.Sum(row => row.Passivated));
    }

    [Fact]
    public void Told_commands_keep_their_order_and_are_answered_to_the_sender()
    {
        var cluster = Ready(4);
        var node = cluster.Nodes[0].Engine;
        var replies = new List<object>();
        var listener = node.System.ActorOf(Props.Create(() => new Listener(replies)));
        var region = node.Sharding.Start(Counter.Type);
        region.Tell(new ToEntity("c", new Add(1)), listener);
        region.Tell(new ToEntity("c", new Add(-1)), listener);
        region.Tell(new ToEntity("c", new Add(2)), listener);
        region.Tell(new Passivate("c"), listener);
        region.Tell(new ToEntity("c", new Read()), listener);
        cluster.RunUntil(() => replies.Count == 5, Patience, () => "five replies");
        Assert.Equal([new Total(1), new EntityRefused("counter", "c", "it only grows"), new Total(3), Done.Instance, new Total(3)], replies);
    }

    [Fact]
    public void Without_a_majority_an_ask_says_that_nothing_happened()
    {
        var cluster = Ready(5);
        Ask(cluster, 1, "c", new Add(1));
        cluster.Partition([1], [2, 3]);
        cluster.Run(TimeSpan.FromSeconds(2));
        var ask = cluster.Nodes[0].Engine.Sharding.Start(Counter.Type).AskAsync<Total>("c", new Add(1), TimeSpan.FromSeconds(1));
        cluster.RunUntil(() => ask.IsCompleted, Patience, () => "an outcome");
        var unavailable = Assert.IsType<EntityUnavailableException>(ask.Exception?.InnerException);
        Assert.Equal(ErrorCode.Unavailable, unavailable.Unavailable.Error.Code);
        Assert.Equal(2, Ask(cluster, 2, "c", new Add(1)));
    }

    [Fact]
    public void A_stale_question_is_answered_by_a_node_that_is_cut_off_and_waits_for_no_command()
    {
        var cluster = Ready(6);
        Ask(cluster, 1, "c", new Add(1));
        cluster.Run(TimeSpan.FromSeconds(1));
        cluster.Partition([1], [2, 3]);
        cluster.Run(TimeSpan.FromSeconds(2));
        Ask(cluster, 2, "c", new Add(1));
        var node = cluster.Nodes[0].Engine;
        var replies = new List<object>();
        var listener = node.System.ActorOf(Props.Create(() => new Listener(replies)));
        var region = node.Sharding.Start(Counter.Type);
        region.Tell(new ToEntity("c", new Add(1)), listener);
        region.Tell(new AskStale("c", new Read()), listener);
        cluster.RunUntil(() => replies.Count == 2, Patience, () => "two replies");
        Assert.Contains(new Total(1), replies);
        Assert.Contains(replies, reply => reply is EntityUnavailable);
    }

    [Fact]
    public void A_type_that_the_node_was_not_started_with_is_refused()
    {
        var cluster = new SimulatedCluster(1, 1);
        cluster.StartAll();
        var refused = Assert.Throws<ArgumentException>(() => cluster.Nodes[0].Engine.Sharding.Start(Counter.Type));
        Assert.Contains("EngineOptions.Entities", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_lacks_a_type_ends_itself_at_its_first_event_and_the_others_go_on()
    {
        var cluster = new SimulatedCluster(1, 3, options => options.Name.ToString() == "n3" ? options : options with { Entities = [Counter.Type] });
        cluster.Safety.Excused.UnionWith([SafetyRule.NodeLives, SafetyRule.NothingFails]);
        cluster.StartAll();
        SimulatedClusters.AwaitReady(cluster);
        var id = Enumerable.Range(0, 100).Select(i => $"c{i}").First(i => TryAsk(i) is not null);
        cluster.RunUntil(() => cluster.Nodes[2].Fatal is not null, Patience, () => "n3 to stop");
        Assert.Contains("start all nodes with the same types", cluster.Nodes[2].Fatal, StringComparison.Ordinal);
        Assert.Equal(2, Ask(cluster, 1, id, new Add(1)));

        Total? TryAsk(string candidate)
        {
            // Where n3 leads, it refuses: it cannot decide what it does not know.
            var ask = cluster.Nodes[0].Engine.Sharding.Start(Counter.Type).AskAsync<Total>(candidate, new Add(1), Patience);
            cluster.RunUntil(() => ask.IsCompleted, Patience, () => "an outcome");
            return ask.IsCompletedSuccessfully ? ask.Result : null;
        }
    }

    private static SimulatedCluster Ready(int seed) => SimulatedClusters.Ready(seed, options => options with { Entities = [Counter.Type] });

    private static long Ask(SimulatedCluster cluster, int through, string id, CounterCommand command) =>
        cluster.Await(new ValueTask<Total>(cluster.Nodes[through - 1].Engine.Sharding.Start(Counter.Type).AskAsync<Total>(id, command, Patience)), Patience).Value;

    private static long AskQuery(SimulatedCluster cluster, int through, string id) => Ask(cluster, through, id, new Read());

    private sealed class Listener(List<object> heard) : Actor
    {
        protected override void Receive(object message) => heard.Add(message);
    }
}
