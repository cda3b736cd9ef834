using Cluster.Engine.Port;
using Google.Protobuf;

namespace Cluster.Modes.PubSub;

/// <summary>
/// Brings a topic's messages to the actor that keeps them for a client, and numbers them. What the actor's turn has not come for yet waits here, bounded in messages and bytes: one that finds no place leaves a gap in the
/// numbers.
/// </summary>
internal sealed class InboxSubscriber : ITopicSubscriber
{
    /// <summary>Messages that wait for the actor: what comes between two turns of a dispatcher that has much to do.</summary>
    public const int MostMessages = 4 * InboxCore.MostMessages;

    /// <summary>Bytes of topics and messages that wait for the actor.</summary>
    public const int MostBytes = 4 * InboxCore.MostBytes;

    private readonly System.Threading.Lock gate = new();
    private List<MessageHeard> waiting = [];
    private long bytes;
    private long last;

    /// <summary>Set before it subscribes.</summary>
    public IActorRef? Inbox { get; set; }

    public void Deliver(TopicDelivery delivery) => Deliver(delivery.Topic, delivery.Payload);

    internal void Deliver(ByteString topic, ByteString payload)
    {
        lock (gate)
        {
            last++;
            var size = topic.Length + payload.Length;
            if (waiting.Count >= MostMessages || bytes + size > MostBytes)
            {
                return;
            }

            bytes += size;
            waiting.Add(new MessageHeard(last, topic, payload));
            if (waiting.Count > 1)
            {
                return; // The actor has been told, and takes all.
            }
        }

        Inbox!.Tell(MessagesWait.Instance);
    }

    /// <summary>By the actor, at each of its turns: a word to it may find no place in its mailbox.</summary>
    public IReadOnlyList<MessageHeard> Take()
    {
        lock (gate)
        {
            var taken = waiting;
            if (taken.Count > 0)
            {
                (waiting, bytes) = ([], 0);
            }

            return taken;
        }
    }
}
