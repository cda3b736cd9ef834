using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;

namespace Cluster.Modes.LogBased;

/// <summary>A request about one topic: finds out what the topic is, makes it where it is not there, and has its partitions told how they are to be kept before anything else is asked of them.</summary>
/// <param name="known">What the topic is, where this node has heard of it.</param>
internal abstract class TopicConversation(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : LogConversation(services.Log, client)
{
    protected LogBasedServices Services => services;

    protected ModeRequest Request => request;

    protected string Topic { get; } = request.Text("topic");

    /// <summary>How it is asked for, before it may be used.</summary>
    protected virtual TopicCommand Asking => new UseTopic();

    protected abstract void Begin(TopicSettings topic);

    protected override void PreStart()
    {
        if (Topic.Contains('/', StringComparison.Ordinal))
        {
            Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, $"a topic's name has no slash, and {Topic} has one")));
        }
        else if (known is not null)
        {
            Enter(known);
        }
        else
        {
            Ask<TopicState>(services.Topics, Topic, Asking, Found);
        }
    }

    /// <summary>The partition that the request names, as the log calls it; the request is about none other than this topic has.</summary>
    protected string Partition => TopicPartitions.Name(Topic, (int)request.Number("partition"));

    protected void Bad(string why) => Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, why)));

    private void Enter(TopicSettings topic)
    {
        if (request.Find("partition") is not null && TopicPartitions.WhyNot(Topic, topic, request.Number("partition")) is { } why)
        {
            Bad(why);
        }
        else
        {
            Begin(topic);
        }
    }

    private void Found(TopicState state)
    {
        if (state.IsOpen)
        {
            Context.Parent.Tell(new TopicKnown(Topic, state.Settings!), Self);
            Enter(state.Settings!);
        }
        else
        {
            Configure(state.Settings!, 0);
        }
    }

    /// <summary>Whoever finds a topic that is not open opens it: its maker may be gone.</summary>
    private void Configure(TopicSettings topic, int partition)
    {
        if (partition == topic.Partitions)
        {
            Ask<TopicState>(services.Topics, Topic, new OpenTopic(), Found);
        }
        else
        {
            Ask(LogSteps.Transaction(LogSteps.Configure(TopicPartitions.Name(Topic, partition), TopicPartitions.Settings(topic))), _ => Configure(topic, partition + 1));
        }
    }
}
