using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>Gathers what all groups of this node send in one turn, so that each peer gets one frame of Raft messages and each front door one frame of replies.</summary>
internal sealed class Outboxes(ITransport transport, AddressBook addresses, Func<IActorRef> localProxy)
{
    private readonly Dictionary<uint, ConsensusBatch> consensus = [];
    private readonly Dictionary<NodeAddress, ReplyBox> replies = [];

    public void Add(RaftMessage message)
    {
        if (!consensus.TryGetValue(message.To, out var batch))
        {
            consensus.Add(message.To, batch = new ConsensusBatch());
        }

        batch.Messages.Add(message);
    }

    public void Add(NodeAddress to, ShardReply reply)
    {
        if (!replies.TryGetValue(to, out var box))
        {
            replies.Add(to, box = new ReplyBox());
        }

        box.Batch.Replies.Add(reply);
    }

    /// <summary>Sends everything gathered. Raft's messages may be lost: the protocol sends again.</summary>
    public void Flush()
    {
        foreach (var (to, batch) in consensus)
        {
            if (batch.Messages.Count > 0)
            {
                if (addresses.TryFind(new NodeId(to), out var address))
                {
                    transport.Send(address, Channel.Consensus, batch);
                }

                batch.Messages.Clear();
            }
        }

        foreach (var (to, box) in replies)
        {
            if (box.Batch.Replies.Count == 0)
            {
                continue;
            }

            if (to == transport.LocalAddress)
            {
                localProxy().Tell(new RepliesReceived(to, box.Batch));
                box.Batch = new ShardReplyBatch(); // The proxy keeps what it is given past this turn.
            }
            else
            {
                transport.Send(to, Channel.ShardReplies, box.Batch);
                box.Batch.Replies.Clear();
            }
        }
    }

    private sealed class ReplyBox
    {
        public ShardReplyBatch Batch { get; set; } = new();
    }
}
