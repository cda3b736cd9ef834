using Cluster.Engine.Logs;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;

namespace Cluster.Modes.LogBased;

/// <summary>Makes a topic, or shows one: what it is, and how far each partition reaches.</summary>
internal sealed class TopicActor(LogBasedServices services, ModeRequest request, IActorRef client) : TopicConversation(services, request, client, known: null)
{
    private readonly List<PartitionView> logs = [];

    protected override TopicCommand Asking => Request.Operation == "create"
        ? new CreateTopic(new TopicSettings(
            (int)Request.Number("partitions"), Request.Text("cleanup"), (long)Request.Duration("retention").TotalMilliseconds, Request.Number("retention-bytes")))
        : new UseTopic();

    /// <summary>Before the topic has its entry in the catalogue, which is for good: a partition would refuse it.</summary>
    protected override void PreStart()
    {
        if (Asking is CreateTopic { Settings: { Cleanup: LogBasedOperations.Compact, RetentionBytes: > 0 and < LogBounds.MinCompactBytes and var bytes } })
        {
            Bad(FormattableString.Invariant($"a compacted topic keeps no fewer than {LogBounds.MinCompactBytes} bytes of each partition, not {bytes}: give more, or 0 for the usual"));
        }
        else
        {
            base.PreStart();
        }
    }

    protected override void Begin(TopicSettings topic) => Describe(topic);

    private void Describe(TopicSettings topic)
    {
        if (logs.Count == topic.Partitions)
        {
            Answer(ModeAnswer.Ok(new TopicAnswer(Topic, topic.Partitions, topic.Cleanup, topic.RetentionMs, topic.RetentionBytes, logs), LogBasedJson.Default.TopicAnswer));
            return;
        }

        Ask(LogSteps.Describe(TopicPartitions.Name(Topic, logs.Count)), reply =>
        {
            logs.Add(new PartitionView(logs.Count, reply.Start, reply.End, reply.Description.Bytes, reply.Description.Batches, reply.Description.CleanedTo));
            Describe(topic);
        });
    }
}
