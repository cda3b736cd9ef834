using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.LogBased;

/// <summary>One page of keys in ordinal order, from this node's views of all partitions, each at a moment of its own.</summary>
internal sealed class KeyScanActor(LogBasedServices services, ModeRequest request, IActorRef client, TopicSettings? known) : TopicConversation(services, request, client, known, KeyTopic.Name)
{
    private readonly int limit = (int)request.Number(StorageOperations.Limit);
    private readonly List<StoredValue> found = [];
    private int told;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case TablePage page:
                found.AddRange(page.Keys);
                if (++told == KeyTopic.Partitions)
                {
                    IEnumerable<StoredValue> first = found.OrderBy(key => key.Key, StringComparer.Ordinal).Take(limit);
                    Answer(ModeAnswer.Ok(new StoredKeys([.. first], found.Count > limit), StorageJson.Default.StoredKeys));
                }

                break;
            case ModeAnswer refused:
                Answer(refused);
                break;
            default:
                base.Receive(message);
                break;
        }
    }

    protected override void Begin(TopicSettings topic)
    {
        var page = new PageOfTable(
            Self, Request.Text(LogBasedOperations.Read) == LogBasedOperations.Latest, Request.Find(StorageOperations.Prefix) ?? "", Request.Find(StorageOperations.After) ?? "", limit);
        for (var partition = 0; partition < KeyTopic.Partitions; partition++)
        {
            Context.Parent.Tell(new TableWanted(Topic, partition, page), Self);
        }
    }
}
