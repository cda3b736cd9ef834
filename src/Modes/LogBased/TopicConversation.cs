using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;

namespace Cluster.Modes.LogBased;

/// <summary>A request about one topic: finds out what the topic is, makes it where it is not there, and has its partitions told how they are to be kept before anything else is asked of them.</summary>
/// <param name="known">What the topic is, where this node has heard of it.</param>
/// <param name="topic">Where the request does not name one.</param>
internal abstract class TopicConversation(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known, string? topic = null) : LogConversation(services.Log, client)
{
    protected LogBasedServices Services => services;

    protected ModeRequest Request => request;

    protected string Topic { get; } = topic ?? request.Text("topic");

    /// <summary>How it is asked for, before it may be used.</summary>
    protected virtual TopicCommand Asking => Topic == KeyTopic.Name ? new CreateTopic(KeyTopic.Settings) : new UseTopic();

    protected abstract void Begin(TopicSettings topic);

    protected override void PreStart()
    {
        if (Topic.Contains('/', StringComparison.Ordinal))
        {
            Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, $"a topic's name has no slash, and {Topic} has one")));
        }
        else if (Asking is CreateTopic { Settings: var wanted } && Topic == KeyTopic.Name && wanted != KeyTopic.Settings)
        {
            Bad($"topic {KeyTopic.Name} holds this mode's keys, and is always made in one way: {KeyTopic.Settings}; take another name");
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

    private void Enter(TopicSettings settings)
    {
        if (request.Find("partition") is not null && TopicPartitions.WhyNot(Topic, settings, request.Number("partition")) is { } why)
        {
            Bad(why);
        }
        else
        {
            Begin(settings);
        }
    }

    private void Found(TopicState state)
    {
        if (state.IsNew)
        {
            HasMade(Topic, state.Settings!);
        }

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

    /// <summary>The topic of keys is the mode's own affair: whoever writes a key has written none by it.</summary>
    protected void HasMade(string name, TopicSettings settings)
    {
        if (name != KeyTopic.Name)
        {
            HasDone($"topic {name} has been made ({settings})");
        }
    }

    /// <summary>Whoever finds a topic that is not open opens it: its maker may be gone.</summary>
    private void Configure(TopicSettings settings, int partition)
    {
        if (partition == settings.Partitions)
        {
            Ask<TopicState>(
                services.Topics,
                Topic,
                new OpenTopic(),
                state =>
                {
                    HasMade(Topic, settings);
                    Found(state);
                });
        }
        else
        {
            Ask(LogSteps.Transaction(LogSteps.Configure(TopicPartitions.Name(Topic, partition), TopicPartitions.Settings(settings))), _ => Configure(settings, partition + 1));
        }
    }
}
