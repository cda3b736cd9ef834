using Cluster.Engine.Port;
using Cluster.Node.Subscribers;
using Cluster.Shared.Http;
using Cluster.Shared.Results;
using Google.Protobuf;

namespace Cluster.Node.Http;

/// <summary>Publish-subscribe over HTTP: publishing, who subscribes, and subscriptions as streams of server-sent events, cut off by the same limits as those over RESP.</summary>
internal sealed class TopicOperations(IPubSub pubSub, INodeStatus status, SubscriberBacklogs subscribers, EventStreamOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private const string Prefix = "/topics/";
    private const string EventsSuffix = "/events";
    private const int ListedByDefault = 100;
    private const int ListedMost = 10_000;

    private static readonly ApiParameter Topic = ApiParameter.Path("topic", "The topic, percent-encoded, byte for byte.");

    private int streams;

    public IReadOnlyList<ApiOperation> All =>
    [
        new("POST", "/topics/{topic}", "topics", "Publishes the body to a topic's subscribers at all nodes, at most once; answers to how many it went, as this node knows.", PublishAsync)
        {
            Parameters =
            [
                Topic,
                ApiParameter.Choice("kind", "sharded for the second name space, Redis's shard channels.", "topic", "sharded"),
                ApiParameter.Choice("to", "group: to one subscriber of each of the topic's groups, instead of all without a group.", "all", "group"),
            ],
            TakesBytes = true,
            Answer = typeof(PublishView),
            Statuses = [(503, "More groups than one message goes to.")],
        },
        new("GET", "/topics", "topics", "What has subscribers, and at which nodes, as this node knows.", ListAsync)
        {
            Parameters =
            [
                ApiParameter.Bytes("match", "Names that match this glob only."),
                ApiParameter.Choice("kind", "What they subscribe to; topics with their groups by default.", "topic", "pattern", "sharded"),
                ApiParameter.Integer("limit", "At most so many, in the order of names; 100 by default.", 1, ListedMost),
            ],
            Answer = typeof(IReadOnlyList<TopicView>),
        },
        Streaming("/topics/{topic}/events", "What is published to a topic, at any node, from now on: a stream of server-sent events 'message', after one 'subscribed'.", HearTopicAsync) with
        {
            Parameters =
            [
                Topic,
                ApiParameter.Choice("kind", "sharded for the second name space.", "topic", "sharded"),
                ApiParameter.Text("group", "Shares what is published to groups with the others of this name, and hears nothing else."),
            ],
        },
        Streaming("/topics/events", "What is published to topics that match a glob: a stream likewise.", HearPatternAsync) with
        {
            Parameters = [ApiParameter.Bytes("pattern", "Redis's glob: * ? [a-z] [^a] and a backslash before what is meant as it stands.")],
        },
    ];

    private static ApiOperation Streaming(string route, string summary, Func<ApiRequest, Task> handle) => new("GET", route, "topics", summary, handle)
    {
        Answer = typeof(TopicMessageView),
        AnswerMedia = "text/event-stream",
        Statuses = [(503, "As many streams as this node serves are open, or as many topics have subscribers.")],
    };

    private async Task PublishAsync(ApiRequest request)
    {
        var topic = KeyPath.Read(request, prefix: Prefix);
        var message = await ByteString.FromStreamAsync(request.Context.Request.Body, request.Aborted).ConfigureAwait(false);
        var receipt = pubSub.Publish(KindOf(request), topic, message, toOneOfEachGroup: request.Query("to") == "group");
        await (receipt.Error is { } refused
            ? request.WriteErrorAsync(refused)
            : request.WriteJsonAsync(new PublishView(receipt.Subscriptions, receipt.Here, receipt.Nodes), NodeJson.Default.PublishView)).ConfigureAwait(false);
    }

    private async Task ListAsync(ApiRequest request)
    {
        var view = await status.GetViewAsync(request.Aborted).ConfigureAwait(false);
        var names = view.Members.ToDictionary(member => member.Node, member => member.Name);
        var found = pubSub.List(KindOf(request), KeyPath.ReadQuery(request, "match"), (int)(request.Integer("limit") ?? ListedByDefault));
        IReadOnlyList<TopicView> topics = [.. found.Select(topic => Describe(topic, view.Self, names))];
        await request.WriteJsonAsync(topics, NodeJson.Default.IReadOnlyListTopicView).ConfigureAwait(false);
    }

    private static TopicView Describe(TopicFigures topic, string self, Dictionary<uint, string> names)
    {
        List<TopicNodeView> nodes = [.. topic.Elsewhere.Select(node => new TopicNodeView(names.GetValueOrDefault(node.Node.Value) ?? node.Node.ToString(), node.Subscriptions))];
        if (topic.Here > 0)
        {
            nodes.Insert(0, new TopicNodeView(self, topic.Here));
        }

        return new TopicView(topic.Filter.Name.ToStringUtf8(), KeyPath.Encode(topic.Filter.Name.Span), topic.Filter.Kind.ToString().ToLowerInvariant(), topic.Filter.Group, topic.Subscriptions, nodes);
    }

    private Task HearTopicAsync(ApiRequest request) => StreamAsync(request, new TopicFilter(KindOf(request), KeyPath.Read(request, EventsSuffix, Prefix), request.Query("group")));

    private Task HearPatternAsync(ApiRequest request) => KeyPath.ReadQuery(request, "pattern") is { } pattern
        ? StreamAsync(request, new TopicFilter(TopicKind.Pattern, pattern))
        : throw ApiException.BadRequest("'pattern' is missing: GET /topics/events?pattern=GLOB; one topic's stream is /topics/TOPIC/events");

    private async Task StreamAsync(ApiRequest request, TopicFilter filter)
    {
        if (Interlocked.Increment(ref streams) > subscribers.Options.MaxStreams)
        {
            Interlocked.Decrement(ref streams);
            await request.WriteErrorAsync(new ClusterError(ErrorCode.Overloaded, $"{subscribers.Options.MaxStreams} streams of messages are open at this node, the most it serves: ask another node")).ConfigureAwait(false);
            return;
        }

        using var backlog = subscribers.Open($"{request.Context.Connection.RemoteIpAddress}:{request.Context.Connection.RemotePort} ({filter}, server-sent events)", request.Context.Abort);
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, lifetime.ApplicationStopping);
            if (await new TopicStream(request.Context.Response, backlog, options, time).WriteAsync(pubSub, filter, ends.Token).ConfigureAwait(false) is { } refused)
            {
                await request.WriteErrorAsync(refused).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (request.Aborted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The client has gone or was cut off, or the node goes.
        }
        catch (TimeoutException)
        {
            request.Context.Abort(); // It takes nothing.
        }
        finally
        {
            Interlocked.Decrement(ref streams);
        }
    }

    private static TopicKind KindOf(ApiRequest request) => request.Query("kind") switch
    {
        "pattern" => TopicKind.Pattern,
        "sharded" => TopicKind.Sharded,
        _ => TopicKind.Topic,
    };
}
