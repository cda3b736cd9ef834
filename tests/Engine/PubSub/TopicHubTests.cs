using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Engine.PubSub;
using Cluster.Engine.Remoting;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.PubSub;

public class TopicHubTests
{
    private static readonly NodeId Two = new(2);
    private static readonly NodeId Three = new(3);
    private static readonly PeerIdentity Peer = new(NodeName.Parse("n2"), new NodeAddress("10.0.0.2", 1), Two, new Incarnation(3), Guid.NewGuid());

    private readonly Links links = new();
    private readonly TopicHub hub;

    public TopicHubTests() => hub = new TopicHub(new PubSubOptions { MaxTopics = 3, MaxPatterns = 2, MaxNameBytes = 2_000 }, links, new MessageRegistry());

    [Fact]
    public void Here_each_subscription_gets_it_and_elsewhere_each_node_once()
    {
        var (one, both) = (new Listener(), new Listener());
        Subscribe("a", one);
        Subscribe("a", both);
        hub.Subscribe(TopicFilter.Pattern("a*"), both);
        Route(Two, TopicFilter.Topic("a"), 10);
        Route(Two, TopicFilter.Pattern("*"), 1);
        Route(Three, TopicFilter.Pattern("?"), 2);
        var receipt = Publish("a", "x");
        Assert.Equal(new PublishReceipt(Here: 3, Nodes: 2, Elsewhere: 13), receipt);
        Assert.Equal(["a x"], one.Heard);
        Assert.Equal(["a x", "a x by a*"], both.Heard);
        Assert.Equal([(Two, "a"), (Three, "a")], links.Sent.Select(sent => (sent.To, sent.Message.Topic.ToStringUtf8())));
        Assert.Equal(new PublishReceipt(1, 1, 1), Publish("ab", "x"));
    }

    /// <summary>A node that was killed is a member until it is decided otherwise: nobody listens there, but the message may find it back.</summary>
    [Fact]
    public void A_node_that_cannot_be_reached_is_sent_to_and_not_counted()
    {
        Subscribe("a", new Listener());
        Route(Two, TopicFilter.Topic("a"), 5);
        Route(Two, TopicFilter.Topic("b"), 5);
        Route(Two, TopicFilter.Topic("a", "g"), 1);
        Route(Two, TopicFilter.Pattern("x*"), 1);
        Route(Three, TopicFilter.Topic("a"), 2);
        links.Unreachable.Add(Two);
        Assert.Equal(3, Publish("a", "x").Subscriptions);
        Assert.Equal([Two, Three], links.Sent.Select(sent => sent.To));
        Assert.Equal(0, hub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("a"), Bytes("x"), null, toOneOfEachGroup: true).Subscriptions);
        Assert.Equal((3, 0), (hub.CountSubscriptions(TopicFilter.Topic("a")), hub.CountSubscriptions(TopicFilter.Topic("b"))));
        Assert.Equal((1, 0), (hub.CountNames(TopicKind.Topic), hub.CountNames(TopicKind.Pattern)));
        Assert.Equal([(TopicFilter.Topic("a"), 3L)], hub.List(TopicKind.Topic, static _ => true, 10).Select(topic => (topic.Filter, topic.Subscriptions)));
        links.Unreachable.Clear();
        Assert.Equal((8, 5), (hub.CountSubscriptions(TopicFilter.Topic("a")), hub.CountSubscriptions(TopicFilter.Topic("b"))));
        Assert.Equal((2, 1), (hub.CountNames(TopicKind.Topic), hub.CountNames(TopicKind.Pattern)));
    }

    [Fact]
    public void The_patterns_of_a_node_are_bounded_together_in_bytes()
    {
        var small = new TopicHub(new PubSubOptions { MaxAllPatternBytes = 300 }, links, new MessageRegistry());
        Assert.Null(small.Subscribe(TopicFilter.Pattern(new string('a', 200)), new Listener()));
        Assert.Equal("the patterns with subscribers on this node have 200 bytes together, about the most it keeps: subscribe at another node", small.Subscribe(TopicFilter.Pattern(new string('b', 101)), new Listener())?.Message);
        Assert.Null(small.Subscribe(TopicFilter.Pattern(new string('a', 200)), new Listener()));
        Assert.Null(small.Subscribe(TopicFilter.Topic(new string('b', 101)), new Listener()));
        Assert.Null(small.Subscribe(TopicFilter.Pattern(new string('b', 100)), new Listener()));
    }

    [Fact]
    public void Once_unsubscribed_nothing_comes_and_twice_subscribed_is_once()
    {
        var listener = new Listener();
        Subscribe("a", listener);
        Subscribe("a", listener);
        Assert.Equal(1, Publish("a", "1").Here);
        Assert.True(hub.Unsubscribe(TopicFilter.Topic("a"), listener));
        Assert.False(hub.Unsubscribe(TopicFilter.Topic("a"), listener));
        Assert.Equal(0, Publish("a", "2").Here);
        Assert.Equal(["a 1"], listener.Heard);
    }

    [Fact]
    public void A_sharded_topic_is_another_name_space_and_no_pattern_matches_it()
    {
        var (topic, sharded, pattern) = (new Listener(), new Listener(), new Listener());
        Subscribe("a", topic);
        hub.Subscribe(new TopicFilter(TopicKind.Sharded, ByteString.CopyFromUtf8("a")), sharded);
        hub.Subscribe(TopicFilter.Pattern("*"), pattern);
        hub.Publish(TopicKind.Sharded, ByteString.CopyFromUtf8("a"), Bytes("s"), null, false);
        Publish("a", "t");
        Assert.Equal(["a t"], topic.Heard);
        Assert.Equal(["a s"], sharded.Heard);
        Assert.Equal(["a t by *"], pattern.Heard);
    }

    [Fact]
    public void One_of_each_group_gets_it_wherever_its_members_are_and_others_do_not()
    {
        var (alone, first, second) = (new Listener(), new Listener(), new Listener());
        Subscribe("a", alone);
        hub.Subscribe(TopicFilter.Topic("a", "g"), first);
        hub.Subscribe(TopicFilter.Topic("a", "g"), second);
        Route(Two, TopicFilter.Topic("a", "g"), 2);
        Route(Three, TopicFilter.Topic("a", "h"), 1);
        for (var i = 0; i < 400; i++)
        {
            var receipt = hub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("a"), Bytes("x"), null, toOneOfEachGroup: true);
            Assert.Equal(2, receipt.Subscriptions);
        }

        Assert.Empty(alone.Heard);
        Assert.Equal(400, links.Sent.Count(sent => sent.To == Three && sent.Message.Groups.SequenceEqual(["h"])));
        var there = links.Sent.Count(sent => sent.To == Two && sent.Message.Groups.SequenceEqual(["g"]));
        Assert.Equal(400, first.Heard.Count + second.Heard.Count + there);
        Assert.InRange(there, 150, 250); // Two members here, two there.
        Assert.InRange(first.Heard.Count, 60, 140);
        links.Unreachable.Add(Two);
        links.Sent.Clear();
        for (var i = 0; i < 100; i++)
        {
            hub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("a"), Bytes("x"), null, toOneOfEachGroup: true);
        }

        Assert.DoesNotContain(links.Sent, sent => sent.To == Two);
        Assert.Equal(0, hub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("other"), Bytes("x"), null, toOneOfEachGroup: true).Subscriptions);
    }

    [Fact]
    public void What_comes_twice_late_or_from_a_former_life_is_dropped_and_gaps_are_counted()
    {
        var listener = new Listener();
        Subscribe("a", listener);
        foreach (var sequence in new ulong[] { 7, 8, 8, 10, 9, 11 })
        {
            hub.Receive(Peer, Message("a", sequence));
        }

        Assert.Equal(["a 7", "a 8", "a 10", "a 11"], listener.Heard);
        Assert.Equal((4, 1, 2), (hub.Counts.Received, hub.Counts.Missed, hub.Counts.Overtaken));
        hub.Receive(Peer with { Incarnation = new Incarnation(4) }, Message("a", 1));
        hub.Receive(Peer, Message("a", 12));
        hub.Receive(Peer with { Uid = Guid.NewGuid(), Incarnation = new Incarnation(1) }, Message("a", 2)); // Another node of that name.
        Assert.Equal(["a 7", "a 8", "a 10", "a 11", "a 1", "a 2"], listener.Heard);
    }

    [Fact]
    public void Numbers_to_a_node_have_no_gap_but_where_its_link_took_nothing()
    {
        Route(Two, TopicFilter.Topic("a"), 1);
        Route(Three, TopicFilter.Topic("b"), 1);
        Publish("a", "x");
        Publish("b", "x");
        links.Full.Add(Two);
        Assert.Equal(new PublishReceipt(0, 0, 0), Publish("a", "x"));
        links.Full.Clear();
        Publish("a", "x");
        Assert.Equal([(Two, 1UL), (Three, 1UL), (Two, 3UL)], links.Sent.Select(sent => (sent.To, sent.Message.Sequence)));
        Assert.Equal((3, 1), (hub.Counts.Forwarded, hub.Counts.DroppedByLink));
    }

    [Fact]
    public void A_subscriber_that_fails_keeps_the_message_from_nobody()
    {
        var listener = new Listener();
        Subscribe("a", new Failing());
        Subscribe("a", listener);
        hub.Receive(Peer, Message("a", 1));
        Assert.Equal(["a 1"], listener.Heard);
        Assert.Equal((1, 1), (hub.Counts.Delivered, hub.Counts.Failed));
    }

    [Fact]
    public void A_subscriber_may_end_its_subscription_while_it_hears()
    {
        var listener = new Listener();
        var once = new Once(hub);
        hub.Subscribe(TopicFilter.Pattern("a"), once);
        hub.Subscribe(TopicFilter.Pattern("*"), listener);
        Publish("a", "1");
        Publish("a", "2");
        Assert.Equal(1, once.Heard);
        Assert.Equal(["a 1 by *", "a 2 by *"], listener.Heard);
    }

    [Fact]
    public void What_a_subscriber_publishes_while_it_hears_overtakes_nothing_here_or_elsewhere()
    {
        var (answering, listener) = (new Answering(this), new Listener());
        Subscribe("question", answering);
        Subscribe("question", listener);
        Subscribe("answer", listener);
        Route(Two, TopicFilter.Pattern("*"), 1);
        Assert.Equal(new PublishReceipt(2, 1, 1), Publish("question", "1"));
        Assert.Equal(new PublishReceipt(1, 1, 1), answering.Receipt);
        Assert.Equal(["question 1", "answer 42"], listener.Heard);
        Assert.Equal(["question", "answer"], links.Sent.Select(sent => sent.Message.Topic.ToStringUtf8()));
        hub.Receive(Peer, Message("question", 1));
        Assert.Equal(["question 1", "answer 42", "question 1", "answer 42"], listener.Heard);
    }

    [Fact]
    public void Who_publishes_what_it_hears_is_refused_before_it_goes_on_for_ever()
    {
        var echo = new Echo(this);
        Subscribe("a", echo);
        Publish("a", "x");
        Assert.Equal(ErrorCode.Overloaded, echo.Refused!.Code);
        Assert.InRange(echo.Heard, 2, 10_000);
        echo.Refused = null;
        Publish("a", "x"); // The next message is another matter.
        Assert.NotNull(echo.Refused);
    }

    [Fact]
    public void Each_kind_of_subscriber_makes_its_form_of_a_message_once()
    {
        var made = new List<string>();
        Subscribe("a", new Forming(delivery => delivery.Form(_ => Made(made, "text"))));
        Subscribe("a", new Forming(delivery => delivery.Form(_ => new List<string> { Made(made, "list") })));
        Subscribe("a", new Forming(delivery => delivery.Form(_ => Made(made, "text"))));
        Subscribe("a", new Forming(delivery => delivery.Form(_ => new List<string> { Made(made, "list") })));
        Publish("a", "x");
        Assert.Equal(["text", "list"], made);
    }

    [Fact]
    public void Others_are_told_once_of_a_first_or_last_subscriber_and_numbers_are_taken_with_it()
    {
        var told = 0;
        hub.InterestChanged = () => told++;
        var (one, two) = (new Listener(), new Listener());
        Subscribe("a", one);
        Subscribe("b", one);
        Assert.Equal(1, told);
        Assert.Equal([(TopicFilter.Topic("a"), 1), (TopicFilter.Topic("b"), 1)], hub.TakeChanges());
        Subscribe("a", two);
        Assert.Equal(1, told);
        hub.Unsubscribe(TopicFilter.Topic("b"), one);
        Assert.Equal(2, told);
        Assert.Equal([(TopicFilter.Topic("a"), 2), (TopicFilter.Topic("b"), 0)], hub.TakeChanges());
        Assert.Empty(hub.TakeChanges());
    }

    [Fact]
    public void Names_are_counted_once_wherever_their_subscribers_are_and_groups_are_none()
    {
        Subscribe("a", new Listener());
        hub.Subscribe(TopicFilter.Topic("a", "g"), new Listener());
        hub.Subscribe(TopicFilter.Pattern("p"), new Listener());
        Route(Two, TopicFilter.Topic("a"), 1);
        Route(Two, TopicFilter.Topic("b"), 1);
        Route(Three, TopicFilter.Topic("b"), 1);
        Route(Three, TopicFilter.Topic("b", "h"), 1);
        Route(Three, TopicFilter.Pattern("p"), 1);
        Route(Three, TopicFilter.Pattern("q"), 1);
        Assert.All(Enum.GetValues<TopicKind>(), kind => Assert.Equal(hub.List(kind, filter => filter.Group is null, int.MaxValue).Count, hub.CountNames(kind)));
        Assert.Equal((2, 2, 0), (hub.CountNames(TopicKind.Topic), hub.CountNames(TopicKind.Pattern), hub.CountNames(TopicKind.Sharded)));
    }

    [Fact]
    public void Of_several_filters_all_are_subscribed_to_or_none()
    {
        var listener = new Listener();
        Subscribe("there", listener);
        hub.TakeChanges();
        Assert.Equal(ErrorCode.BadRequest, hub.Subscribe([TopicFilter.Topic("a"), TopicFilter.Pattern("[")], listener)!.Code);
        Assert.Equal(ErrorCode.Overloaded, hub.Subscribe([.. "there a b c".Split(' ').Select(name => TopicFilter.Topic(name))], listener)!.Code);
        Assert.Equal((1, 0), (Publish("there", "x").Here, Publish("a", "x").Here));
        Assert.All(hub.TakeChanges(), change => Assert.Equal(0, change.Subscribers));
        Assert.Null(hub.Subscribe([TopicFilter.Topic("there"), TopicFilter.Topic("a"), TopicFilter.Topic("a"), TopicFilter.Topic("b")], listener));
        Assert.Equal(3, hub.Subscriptions);
    }

    [Fact]
    public void Every_bound_is_kept()
    {
        var listener = new Listener();
        Assert.Equal(ErrorCode.BadRequest, hub.Subscribe(TopicFilter.Pattern("[a"), listener)!.Code);
        Assert.Equal(ErrorCode.BadRequest, hub.Subscribe(TopicFilter.Pattern("a\\"), listener)!.Code);
        Assert.Null(hub.Subscribe(TopicFilter.Pattern("\\[a"), listener));
        Assert.Equal(ErrorCode.BadRequest, hub.Subscribe(new TopicFilter(TopicKind.Pattern, ByteString.CopyFromUtf8("a"), "group"), listener)!.Code);
        Assert.Equal(ErrorCode.BadRequest, hub.Subscribe(TopicFilter.Topic("a", ""), listener)!.Code);
        Assert.Equal(ErrorCode.BadRequest, hub.Subscribe(new TopicFilter((TopicKind)9, ByteString.Empty), listener)!.Code);
        Assert.Null(hub.Subscribe(TopicFilter.Pattern("[a]"), listener));
        Assert.Equal(ErrorCode.Overloaded, hub.Subscribe(TopicFilter.Pattern("c"), listener)!.Code);
        Subscribe(new string('a', 1_000), listener);
        Assert.Equal(ErrorCode.Overloaded, hub.Subscribe(TopicFilter.Topic(new string('b', 1_000)), listener)!.Code); // The names' bytes.
        Subscribe("c", listener);
        Subscribe("d", listener);
        Assert.Equal(ErrorCode.Overloaded, hub.Subscribe(TopicFilter.Topic("e"), listener)!.Code);
        Subscribe("d", new Listener()); // Not one topic more.
        Assert.Equal(ErrorCode.BadRequest, Publish(new string('a', 1_025), "x").Error!.Code);
        Assert.Equal(ErrorCode.BadRequest, Publish("a", new string('x', (1024 * 1024) + 1)).Error!.Code);
        Assert.Equal(ErrorCode.BadRequest, hub.Publish(TopicKind.Pattern, ByteString.Empty, Bytes("x"), null, false).Error!.Code);
        hub.Receive(Peer, new TopicMessage { Kind = 1, Sequence = 1 });
        Assert.Equal(1, hub.Counts.Refused);
        Assert.Equal(6, hub.Subscriptions);
    }

    private void Subscribe(string topic, ITopicSubscriber subscriber) => Assert.Null(hub.Subscribe(TopicFilter.Topic(topic), subscriber));

    private void Route(NodeId node, TopicFilter filter, int subscribers) => hub.Apply(new RouteChanged(node, filter, subscribers));

    private PublishReceipt Publish(string topic, string message) => hub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8(topic), Bytes(message), null, false);

    private static EncodedMessage Bytes(string text) => new("", 0, System.Text.Encoding.UTF8.GetBytes(text));

    private static TopicMessage Message(string topic, ulong sequence) => new() { Topic = ByteString.CopyFromUtf8(topic), Payload = ByteString.CopyFromUtf8($"{sequence}"), Sequence = sequence };

    private sealed class Listener : ITopicSubscriber
    {
        public List<string> Heard { get; } = [];

        public void Deliver(TopicDelivery delivery) =>
            Heard.Add($"{delivery.Topic.ToStringUtf8()} {delivery.Payload.ToStringUtf8()}{(delivery.Filter.Kind == TopicKind.Pattern ? " by " + delivery.Filter.Name.ToStringUtf8() : "")}");
    }

    private sealed class Failing : ITopicSubscriber
    {
        public void Deliver(TopicDelivery delivery) => throw new InvalidOperationException("planted");
    }

    private sealed class Once(TopicHub hub) : ITopicSubscriber
    {
        public int Heard { get; private set; }

        public void Deliver(TopicDelivery delivery)
        {
            Heard++;
            hub.Unsubscribe(delivery.Filter, this);
        }
    }

    private static string Made(List<string> made, string what)
    {
        made.Add(what);
        return what;
    }

    private sealed class Answering(TopicHubTests tests) : ITopicSubscriber
    {
        public PublishReceipt Receipt { get; private set; }

        public void Deliver(TopicDelivery delivery) => Receipt = tests.Publish("answer", "42");
    }

    private sealed class Echo(TopicHubTests tests) : ITopicSubscriber
    {
        public int Heard { get; private set; }

        public ClusterError? Refused { get; set; }

        public void Deliver(TopicDelivery delivery)
        {
            Assert.True(++Heard < 20_000, "it goes on for ever");
            Refused = tests.Publish("a", "x").Error ?? Refused;
        }
    }

    private sealed class Forming(Action<TopicDelivery> form) : ITopicSubscriber
    {
        public void Deliver(TopicDelivery delivery) => form(delivery);
    }

    private sealed class Links : ITopicLinks
    {
        public List<(NodeId To, TopicMessage Message)> Sent { get; } = [];

        public HashSet<NodeId> Full { get; } = [];

        public HashSet<NodeId> Unreachable { get; } = [];

        public Random Random { get; } = new(5);

        public bool IsReachable(NodeId node) => !Unreachable.Contains(node);

        public bool Send(NodeId node, TopicMessage message)
        {
            if (Full.Contains(node))
            {
                return false;
            }

            Sent.Add((node, message.Clone()));
            return true;
        }
    }
}
