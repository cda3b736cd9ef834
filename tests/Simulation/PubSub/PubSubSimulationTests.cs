using Cluster.Engine.Port;
using Cluster.Shared.Http;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Cluster.Simulation.Tests.Entities;
using Google.Protobuf;

namespace Cluster.Simulation.Tests.PubSub;

/// <summary>Publish-subscribe on whole nodes: who hears what once gossip is through, and who does not, whatever happens to links and nodes.</summary>
public class PubSubSimulationTests
{
    private static readonly TopicFilter News = TopicFilter.Topic("news");

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_nobody_hears_twice_out_of_order_or_after_the_end_and_in_the_end_all_hear_all(int seed)
    {
        var stage = new PubSubStage(seed);
        var cluster = stage.Cluster;
        var random = new Random(seed);
        var listeners = new List<PubSubStage.Listener>();
        for (var step = 0; step < 120; step++)
        {
            var node = 1 + random.Next(3);
            var runs = cluster.Nodes[node - 1].IsRunning;
            switch (random.Next(16))
            {
                case 0 when cluster.Nodes.All(other => other.IsRunning):
                    cluster.Nodes[node - 1].Kill();
                    break;
                case 1 when !runs:
                    cluster.Start(node);
                    break;
                case 2:
                    cluster.Partition([node], [.. new[] { 1, 2, 3 }.Where(other => other != node)]);
                    break;
                case 3:
                    cluster.Network.Heal();
                    break;
                case 4 when runs:
                    stage.Node(node).Faults.Set([.. cluster.Nodes.Where(other => other.Name != cluster.Nodes[node - 1].Name).Select(other =>
                        new LinkFaultView(other.Name.ToString(), LossPercent: 20, DuplicatePercent: 20, ReorderPercent: 20))]);
                    break;
                case 5 when runs:
                    stage.Node(node).Faults.Set([]);
                    break;
                case < 9 when runs:
                    listeners.Add(stage.Subscribe(node, random.Next(2) == 0 ? News : TopicFilter.Pattern("n*")));
                    break;
                case 9 when listeners.Count > 0:
                    listeners[random.Next(listeners.Count)].End();
                    break;
                default:
                    if (runs)
                    {
                        stage.Publish(node, "news");
                    }

                    break;
            }

            cluster.Run(TimeSpan.FromMilliseconds(random.Next(200)));
        }

        cluster.Network.Heal();
        foreach (var (node, number) in cluster.Nodes.Select((node, at) => (node, at + 1)))
        {
            cluster.Start(number);
            node.Engine.Faults.Set([]);
        }

        SimulatedClusters.AwaitReady(cluster);
        PubSubStage.Listener[] last = [.. new[] { 1, 2, 3 }.Select(node => stage.Subscribe(node, TopicFilter.Topic("last")))];
        foreach (var node in new[] { 1, 2, 3 })
        {
            stage.AwaitRoutes(node, TopicFilter.Topic("last"), 3);
            Assert.Equal(3, stage.Publish(node, "last").Subscriptions);
        }

        cluster.Run(TimeSpan.FromSeconds(1));
        Assert.All(last, listener => Assert.Equal(3, listener.Heard));
        Assert.All(listeners.Concat(last), listener => Assert.Empty(listener.Wrong));
        Assert.True(listeners.Sum(listener => listener.Heard) > 0);
    }

    [Fact]
    public void A_subscription_is_known_elsewhere_within_a_link_s_delay_and_so_is_its_end()
    {
        var stage = new PubSubStage(1);
        var listener = stage.Subscribe(1, News);
        stage.Cluster.Run(TimeSpan.FromMilliseconds(2));
        Assert.Equal(new PublishReceipt(0, 1, 1), stage.Publish(2, "news"));
        stage.Cluster.Run(TimeSpan.FromMilliseconds(2));
        Assert.Equal(1, listener.Heard);
        listener.End();
        stage.Cluster.Run(TimeSpan.FromMilliseconds(2));
        Assert.Equal(new PublishReceipt(0, 0, 0), stage.Publish(2, "news"));
    }

    [Fact]
    public void Nothing_is_delivered_to_the_unsubscribed_though_others_still_send_it()
    {
        var stage = new PubSubStage(2);
        var listener = stage.Subscribe(1, News);
        stage.AwaitRoutes(2, News, 1);
        stage.Cluster.Partition([1], [2, 3]);
        listener.End();
        stage.Cluster.Run(TimeSpan.FromMilliseconds(100));
        stage.Cluster.Network.Heal();
        stage.Cluster.RunUntil(
            () =>
            {
                stage.Publish(2, "news");
                return stage.Node(2).PubSub.CountSubscriptions(News) == 0;
            },
            TimeSpan.FromSeconds(10),
            () => "n2 to hear of the end");
        Assert.Equal(0, listener.Heard);
        Assert.Empty(listener.Wrong);
    }

    [Fact]
    public void The_minority_s_subscribers_hear_their_side_and_after_the_heal_all_do()
    {
        var stage = new PubSubStage(3);
        var (alone, many) = (stage.Subscribe(1, News), stage.Subscribe(3, News));
        stage.AwaitRoutes(2, News, 2);
        stage.Cluster.Partition([1], [2, 3]);
        stage.Publish(1, "news");
        stage.Publish(2, "news");
        stage.Cluster.Run(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1), (alone.Heard, many.Heard));
        stage.Cluster.Network.Heal();
        stage.Cluster.RunUntil(() => stage.Publish(2, "news").Nodes == 2 && alone.Heard > 1, TimeSpan.FromSeconds(15), () => "the other side to be heard again");
        Assert.Empty(alone.Wrong.Concat(many.Wrong));
    }

    [Fact]
    public void A_node_that_starts_again_has_no_subscribers_and_learns_of_the_others_at_once()
    {
        var stage = new PubSubStage(4);
        stage.Subscribe(1, News);
        var listener = stage.Subscribe(2, News);
        stage.AwaitRoutes(3, News, 2);
        stage.Cluster.Nodes[0].Kill();
        stage.Cluster.Run(TimeSpan.FromMilliseconds(300));
        stage.Cluster.Start(1);
        SimulatedClusters.AwaitReady(stage.Cluster);
        stage.AwaitRoutes(3, News, 1);
        stage.AwaitRoutes(1, News, 1);
        stage.Publish(1, "news");
        stage.Cluster.Run(TimeSpan.FromMilliseconds(10));
        Assert.Equal(1, listener.Heard);
    }

    [Fact]
    public void A_node_that_has_left_is_sent_nothing_and_one_that_joins_is_told_what_there_is()
    {
        var stage = new PubSubStage(5);
        stage.Join(4);
        stage.Subscribe(4, News);
        var listener = stage.Subscribe(1, News);
        stage.AwaitRoutes(2, News, 2);
        stage.Cluster.Nodes[3].Kill();
        Assert.Null(stage.Cluster.Await(stage.Node(1).Administration.DownAsync(stage.Cluster.Nodes[3].Name, default), TimeSpan.FromSeconds(10)));
        stage.AwaitRoutes(2, News, 1);
        stage.Join(5);
        stage.AwaitRoutes(5, News, 1);
        stage.Publish(5, "news");
        stage.Cluster.Run(TimeSpan.FromMilliseconds(10));
        Assert.Equal(1, listener.Heard);
    }

    [Fact]
    public void One_member_of_each_group_hears_it_wherever_it_is()
    {
        var stage = new PubSubStage(6);
        var group = TopicFilter.Topic("news", "group");
        PubSubStage.Listener[] members = [.. new[] { 1, 2, 3 }.Select(node => stage.Subscribe(node, group))];
        var alone = stage.Subscribe(2, TopicFilter.Topic("news", "alone"));
        stage.AwaitRoutes(1, group, 3);
        stage.AwaitRoutes(1, alone.Filter, 1);
        for (var i = 0; i < 90; i++)
        {
            Assert.Equal(2, stage.Node(1).PubSub.Publish(TopicKind.Topic, News.Name, ByteString.CopyFromUtf8($"n1 {i + 1}"), toOneOfEachGroup: true).Subscriptions);
            stage.Cluster.Run(TimeSpan.FromMilliseconds(2));
        }

        Assert.Equal((90, 90), (members.Sum(member => member.Heard), alone.Heard));
        Assert.All(members, member => Assert.InRange(member.Heard, 15, 45));
    }

    [Fact]
    public void Actors_subscribe_at_their_mediator_hear_records_and_end_with_their_lives()
    {
        var stage = new PubSubStage(7);
        var (heard, answers) = (new List<object>(), new List<object>());
        var listener = stage.Node(1).System.ActorOf(Props.Create(() => new Noting(heard)), "listener");
        var asker = stage.Node(1).System.ActorOf(Props.Create(() => new Noting(answers)));
        stage.Node(1).PubSub.Mediator.Tell(new Subscribe("news", listener), asker);
        stage.Node(1).PubSub.Mediator.Tell(new Subscribe(TopicFilter.Pattern("[never"), listener), asker);
        stage.AwaitRoutes(2, News, 1);
        Assert.IsType<SubscribeAck>(answers[0]);
        Assert.Equal(ErrorCode.BadRequest, Assert.IsType<SubscribeRefused>(answers[1]).Error.Code);
        stage.Node(2).PubSub.Mediator.Tell(new Publish("news", new Told("hello")));
        stage.Node(3).PubSub.Publish(TopicKind.Topic, News.Name, ByteString.CopyFromUtf8("bytes"));
        Assert.Equal(ErrorCode.BadRequest, stage.Node(2).PubSub.Publish("news", new object()).Error!.Code);
        stage.Cluster.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal(2, heard.Count);
        Assert.Contains(new Told("hello"), heard);
        Assert.Contains(heard, message => message is TopicBytes bytes && bytes.Payload.ToStringUtf8() == "bytes");
        var elsewhere = stage.Node(2).System.Resolve("cluster://n1@10.0.0.1:4053/user/listener");
        stage.Node(2).PubSub.Mediator.Tell(new Subscribe("news", elsewhere), stage.Node(2).System.ActorOf(Props.Create(() => new Noting(answers))));
        stage.Cluster.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal(ErrorCode.BadRequest, Assert.IsType<SubscribeRefused>(answers[^1]).Error.Code);
        stage.Node(1).System.Stop(listener);
        stage.AwaitRoutes(2, News, 0);
    }

    [Fact]
    public void Messages_that_flood_a_link_never_stand_in_the_way_of_the_cluster()
    {
        var stage = new PubSubStage(8);
        stage.Subscribe(1, News);
        stage.AwaitRoutes(2, News, 1);
        var large = ByteString.CopyFrom(new byte[1024 * 1024]);
        var refused = 0;
        for (var i = 0; i < 100; i++)
        {
            refused += stage.Node(2).PubSub.Publish(TopicKind.Topic, News.Name, large).Nodes == 0 ? 1 : 0;
        }

        Assert.True(refused > 0, "the link took 100 MiB");
        var set = stage.Cluster.Await(stage.Node(2).KeyValue.ExecuteAsync(KvCommands.Put(News.Name.Memory, News.Name.Memory), ReadConsistency.Linearizable, RequestIdentity.None, default), TimeSpan.FromSeconds(5));
        Assert.Null(set.Error);
    }

    private sealed class Noting(List<object> heard) : Actor
    {
        protected override void Receive(object message) => heard.Add(message);
    }
}
