using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>A write of a key is a record at the end of its partition; a deletion is one without a value, a tombstone. It does not look at what was there before: a log has no compare-and-set.</summary>
internal sealed class KeyWriteActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known, KeyTopic.Name)
{
    protected override void Begin(TopicSettings topic)
    {
        var key = Request.Text(StorageOperations.Key);
        var partition = KeyTopic.PartitionOf(key);
        var append = new LogAppend { Records = { LogSteps.Record(key, Request.Operation == StorageOperations.Put ? Request.Text(StorageOperations.Value) : null) } };
        Ask(LogSteps.Transaction(LogSteps.Append(TopicPartitions.Name(Topic, partition), append)), reply =>
        {
            Services.Appended.Add(1);
            Answer(ModeAnswer.Ok(new StoredWrite(key, KeyTopic.Version(partition, reply.Steps[0].Offset)), StorageJson.Default.StoredWrite));
        });
    }
}
