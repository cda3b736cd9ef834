using System.Text;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;
using Cluster.Modes.Hosting;
using Cluster.Modes.PubSub;
using Cluster.Shared.Results;
using Cluster.Simulation.Tests.Entities;
using Google.Protobuf;

namespace Cluster.Simulation.Tests.Doors;

/// <summary>Publish-subscribe through the doors of several nodes, by clients that ask.</summary>
public sealed class PubSubDoorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SimulatedCluster cluster = SimulatedClusters.Ready(1, options => ModeHost.Configure(options with { Shards = 1 }, [PubSubMode.Mode]));
    private readonly List<ModeHost> doors;

    public PubSubDoorTests() => doors = [.. cluster.Nodes.Select(node => new ModeHost(node.Engine, [PubSubMode.Mode]))];

    public void Dispose() => doors.ForEach(door => door.Dispose());

    [Fact]
    public void What_is_published_at_another_node_is_heard_and_nothing_after_the_end()
    {
        Ask(1, "subscribe", ("subscription", "s"), ("name", "news.*"), ("kind", "pattern"));
        cluster.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal((0, 1, 1), Published(2, "news.de", "one"));
        Ask(1, "subscribe", ("subscription", "s"), ("name", "news.*"), ("kind", "pattern")); // Once more is no second subscription.
        cluster.Run(TimeSpan.FromMilliseconds(20));
        Assert.Equal((1, 0, 0), Published(1, "news.fr", "two"));
        Ask(1, "unsubscribe", ("subscription", "s"));
        Published(1, "news.de", "three");
        cluster.Run(TimeSpan.FromMilliseconds(20));

        var heard = Ask(1, "hear", ("subscription", "s"));

        Assert.Equal(("unsubscribed", 2L), (heard.GetProperty("state").GetString(), heard.GetProperty("last").GetInt64()));
        Assert.Equal(["1 news.de one", "2 news.fr two"], heard.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("number")} {message.GetProperty("topic")} {message.GetProperty("text")}"));
        Assert.Equal(ErrorCode.Conflict, Refused(1, "subscribe", ("subscription", "s"), ("name", "news.*"), ("kind", "pattern")).Code);
    }

    [Fact]
    public void A_pattern_that_cannot_mean_what_it_says_is_refused_and_leaves_nothing_behind()
    {
        Assert.Equal((ErrorCode.BadRequest, "invalid pattern: it ends with a backslash that escapes nothing"), Told(Refused(1, "subscribe", ("subscription", "s"), ("name", "a\\"), ("kind", "pattern"))));
        Assert.Equal(ErrorCode.BadRequest, Refused(1, "subscribe", ("subscription", "s"), ("name", "[a"), ("kind", "pattern")).Code);
        Assert.Equal(ErrorCode.BadRequest, Refused(1, "subscribe", ("subscription", "s"), ("name", "a*"), ("kind", "pattern"), ("group", "g")).Code);
        Assert.Empty(Ask(1, "list").GetProperty("subscriptions").EnumerateArray());
        Ask(1, "subscribe", ("subscription", "s"), ("name", "a"));
        Assert.Equal("a", Assert.Single(Ask(1, "list").GetProperty("subscriptions").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public void A_subscription_is_its_node_s_and_its_name_is_taken()
    {
        Ask(1, "subscribe", ("subscription", "s"), ("name", "a"));

        Assert.Equal(ErrorCode.NotFound, Refused(2, "hear", ("subscription", "s")).Code);
        Assert.Equal((ErrorCode.Conflict, "subscription 's' is to topic 'a' and not to topic 'b': subscribe under another name"), Told(Refused(1, "subscribe", ("subscription", "s"), ("name", "b"))));
    }

    [Fact]
    public void A_subscription_ends_when_nobody_has_asked_for_it_for_as_long_as_its_lease()
    {
        Ask(1, "subscribe", ("subscription", "s"), ("name", "a"), ("lease", "2s"));
        for (var i = 0; i < 3; i++)
        {
            cluster.Run(TimeSpan.FromSeconds(1.5));
            Ask(1, "hear", ("subscription", "s"));
        }

        Assert.Equal(1, cluster.Nodes[0].Engine.PubSub.CountSubscriptions(TopicFilter.Topic("a")));
        cluster.Run(TimeSpan.FromSeconds(2.1));
        Assert.Equal(0, cluster.Nodes[0].Engine.PubSub.CountSubscriptions(TopicFilter.Topic("a")));
        Assert.Equal(ErrorCode.NotFound, Refused(1, "hear", ("subscription", "s")).Code);
    }

    [Fact]
    public void Who_does_not_keep_up_is_cut_off_or_loses_the_oldest_as_it_chose()
    {
        Ask(1, "subscribe", ("subscription", "told"), ("name", "a"));
        Ask(1, "subscribe", ("subscription", "newest"), ("name", "a"), ("when-full", "drop-oldest"));
        for (var i = 0; i < 1_200; i++)
        {
            Published(1, "a", "m");
        }

        cluster.Run(TimeSpan.FromMilliseconds(20));

        Assert.Equal(1, cluster.Nodes[0].Engine.PubSub.CountSubscriptions(TopicFilter.Topic("a")));
        Assert.Equal("cut-off", Ask(1, "hear", ("subscription", "told")).GetProperty("state").GetString());
        var newest = Ask(1, "hear", ("subscription", "newest"), ("most", "1"));
        Assert.Equal((1_200L, 201L), (newest.GetProperty("last").GetInt64(), newest.GetProperty("messages")[0].GetProperty("number").GetInt64()));
    }

    [Fact]
    public void What_is_no_text_comes_as_base64()
    {
        Ask(1, "subscribe", ("subscription", "s"), ("name", "a"));
        cluster.Nodes[0].Engine.PubSub.Publish(TopicKind.Topic, ByteString.CopyFromUtf8("a"), ByteString.CopyFrom(0xff, 0x00));
        cluster.Run(TimeSpan.FromMilliseconds(20));

        Assert.Equal("/wA=", Ask(1, "hear", ("subscription", "s")).GetProperty("messages")[0].GetProperty("base64").GetString());
    }

    private static (ErrorCode Code, string Message) Told(ClusterError error) => (error.Code, error.Message);

    private (int Here, int Nodes, int Elsewhere) Published(int node, string topic, string message)
    {
        var answer = Ask(node, "publish", ("topic", topic), ("message", message));
        return (answer.GetProperty("here").GetInt32(), answer.GetProperty("nodes").GetInt32(), answer.GetProperty("elsewhere").GetInt32());
    }

    private JsonElement Ask(int node, string operation, params (string Name, string Value)[] arguments)
    {
        var answer = Answer(node, operation, arguments);
        Assert.True(answer.Error is null, $"{answer.Error}");
        return JsonDocument.Parse(Encoding.UTF8.GetString(answer.Json!)).RootElement;
    }

    private ClusterError Refused(int node, string operation, params (string Name, string Value)[] arguments) => Answer(node, operation, arguments).Error!;

    private ModeAnswer Answer(int node, string operation, (string Name, string Value)[] arguments)
    {
        var asked = PubSubMode.Mode.FindOperation(operation)!;
        Assert.True(asked.TryRead(arguments.ToDictionary(argument => argument.Name, argument => argument.Value), out var request, out var error), $"{error}");
        return cluster.Await(new ValueTask<ModeAnswer>(doors[node - 1].AskAsync(PubSubMode.Slug, request, asked.IsRead, ModeHost.Patience, CancellationToken.None)), Patience);
    }
}
