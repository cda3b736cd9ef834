using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Sharding.Client;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Replication;

/// <summary>
/// Gathers what all groups of this node send in one turn, so that each peer gets one frame of Raft messages and each front door one frame of replies: more
/// only where one frame would be over the transport's bound, as a few of the largest values are.
/// </summary>
internal sealed class Outboxes(ITransport transport, AddressBook addresses, Func<IActorRef> localProxy)
{
    private readonly Dictionary<uint, ConsensusBox> consensus = [];
    private readonly Dictionary<NodeAddress, ReplyBox> replies = [];
    private bool holdsAny;

    public void Add(RaftMessage message)
    {
        if (!consensus.TryGetValue(message.To, out var box))
        {
            consensus.Add(message.To, box = new ConsensusBox());
        }

        var size = FrameFill.SizeOf(message);
        if (!box.Fill.TryAdd(size, transport.MaxFrameBytes))
        {
            Send(new NodeId(message.To), box);
            box.Fill.StartWith(size);
        }

        box.Batch.Messages.Add(message);
        holdsAny = true;
    }

    public void Add(NodeAddress to, ShardReply reply)
    {
        if (!replies.TryGetValue(to, out var box))
        {
            replies.Add(to, box = new ReplyBox());
        }

        var size = FrameFill.SizeOf(reply);
        if (size > transport.MaxFrameBytes)
        {
            reply = Without(reply, ErrorCode.BadRequest, $"the answer is {size} bytes long, more than the {transport.MaxFrameBytes} that travel between nodes at once; ask for less at a time");
            size = FrameFill.SizeOf(reply);
        }

        if (!box.Fill.TryAdd(size, transport.MaxFrameBytes))
        {
            Send(to, box);
            box.Fill.StartWith(size);
        }

        box.Batch.Replies.Add(reply);
        holdsAny = true;
    }

    /// <summary>Sends everything gathered. Raft's messages may be lost: the protocol sends again.</summary>
    public void Flush()
    {
        if (!holdsAny)
        {
            return; // Most turns send nothing.
        }

        holdsAny = false;
        foreach (var (to, box) in consensus)
        {
            Send(new NodeId(to), box);
        }

        foreach (var (to, box) in replies)
        {
            Send(to, box);
        }
    }

    private void Send(NodeId to, ConsensusBox box)
    {
        if (box.Batch.Messages.Count > 0)
        {
            if (addresses.TryFind(to, out var address))
            {
                transport.Send(address, Channel.Consensus, box.Batch);
            }

            box.Batch.Messages.Clear();
            box.Fill.StartWith(0);
        }
    }

    private void Send(NodeAddress to, ReplyBox box)
    {
        if (box.Batch.Replies.Count == 0)
        {
            return;
        }

        if (to == transport.LocalAddress)
        {
            localProxy().Tell(new RepliesReceived(to, box.Batch));
            box.Batch = new ShardReplyBatch(); // The proxy keeps what it is given past this turn.
        }
        else
        {
            if (!transport.Send(to, Channel.ShardReplies, box.Batch))
            {
                SayDropped(to, box.Batch);
            }

            box.Batch.Replies.Clear();
        }

        box.Fill.StartWith(0);
    }

    /// <summary>The link has no room for the answers, but mostly it has for a word about it: who asked tries again at once instead of waiting in vain.</summary>
    private void SayDropped(NodeAddress to, ShardReplyBatch dropped)
    {
        var word = new ShardReplyBatch();
        foreach (var reply in dropped.Replies)
        {
            word.Replies.Add(Without(reply, ErrorCode.OutcomeUnknown, $"the link from {transport.LocalAddress} has no room for the answer"));
        }

        transport.Send(to, Channel.ShardReplies, word);
    }

    private static ShardReply Without(ShardReply reply, ErrorCode error, string message) => new() { Correlation = reply.Correlation, Error = (uint)error, Message = message };

    private sealed class ConsensusBox
    {
        public FrameFill Fill;

        public ConsensusBatch Batch { get; } = new();
    }

    private sealed class ReplyBox
    {
        public FrameFill Fill;

        public ShardReplyBatch Batch { get; set; } = new();
    }
}
