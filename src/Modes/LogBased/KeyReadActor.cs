using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.LogBased;

/// <summary>A read of a key: the node's view of the key's partition answers it, once it is known that the topic is there.</summary>
internal sealed class KeyReadActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known, KeyTopic.Name)
{
    private readonly IActorRef asker = client;

    protected override void Begin(TopicSettings topic)
    {
        var key = Request.Text(StorageOperations.Key);
        Context.Parent.Tell(new TableWanted(Topic, KeyTopic.PartitionOf(key), new KeyOfTable(asker, Request.Text(LogBasedOperations.Read) == LogBasedOperations.Latest, key)), Self);
        Context.Stop(Self);
    }
}
