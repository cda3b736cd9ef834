using Cluster.Engine.Consensus;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Sharding;
using Cluster.Engine.Storage;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Replication;

/// <summary>
/// Keeps a node's snapshots, on a thread of its own: writes them, streams them to followers one acknowledged piece at a time, assembles and verifies those
/// that come from leaders. A transfer that makes no progress is given up; Raft asks again.
/// </summary>
internal sealed class SnapshotActor(SnapshotStore store, ReplicationOptions options, ITransport transport, AddressBook addresses, Func<NodeId> self, IActorRef host, Func<ShardId, ShardMachine> newMachine)
    : Actor
{
    private readonly Dictionary<(ShardId Group, NodeId Peer), Outgoing> outgoing = [];
    private readonly Dictionary<ShardId, Incoming> incoming = [];

    /// <summary>Made for the first transfer: most nodes never have one.</summary>
    private byte[] piece = [];

    private TimeSpan Now => Context.System.Time.Elapsed();

    protected override void PreStart() => Timers.StartPeriodic(nameof(StallTick), StallTick.Instance, TimeSpan.FromSeconds(1));

    protected override void PostStop()
    {
        foreach (var transfer in outgoing.Values)
        {
            transfer.Reader.Dispose();
        }

        foreach (var transfer in incoming.Values)
        {
            transfer.Receiver.Dispose();
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case SaveSnapshot save:
                Save(save);
                break;
            case StreamSnapshot stream:
                Stream(stream);
                break;
            case ChunkAnswered answered:
                Continue(answered.Reply);
                break;
            case ChunkReceived received:
                Receive(received.Chunk);
                break;
            case ForgetSnapshots forget:
                Forget(forget.Group);
                break;
            case StallTick:
                LookAtProgress();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Save(SaveSnapshot save)
    {
        try
        {
            using var state = save.State;
            using var writer = store.Write(save.Group, save.Meta.Index.Value, save.Meta.Term.Value, save.Meta.Configuration.ToWire());
            state.WriteTo(writer);
            writer.Complete();
            host.Tell(new SnapshotSaved(save.Group, save.Meta));
        }
        catch (IOException refused)
        {
            host.Tell(new SnapshotFailed(save.Group, refused.Message));
        }
    }

    private void Stream(StreamSnapshot wanted)
    {
        if (outgoing.ContainsKey((wanted.Group, wanted.To)))
        {
            return;
        }

        foreach (var (index, term) in store.List(wanted.Group))
        {
            if (index >= wanted.AtLeast.Value && Open(wanted.Group, index, term) is { } reader)
            {
                var transfer = new Outgoing(reader, wanted.To, wanted.Term) { LastProgress = Now };
                outgoing.Add((wanted.Group, wanted.To), transfer);
                SendPiece(transfer, offset: 0);
                return;
            }
        }

        host.Tell(new SnapshotDelivered(wanted.Group, wanted.To, Delivered: false));
    }

    /// <summary>A damaged snapshot is not sent; an older or newer one may do.</summary>
    private SnapshotReader? Open(ShardId group, ulong index, ulong term)
    {
        try
        {
            return store.TryOpen(group, index, term);
        }
        catch (Exception unusable) when (unusable is StorageCorruptException or IOException)
        {
            host.Tell(new SnapshotFailed(group, unusable.Message));
            return null;
        }
    }

    private void SendPiece(Outgoing transfer, long offset)
    {
        (transfer.Offset, transfer.LastSent) = (offset, Now);
        var info = transfer.Reader.Info;
        piece = piece.Length > 0 ? piece : new byte[options.SnapshotChunkBytes];
        var length = transfer.Reader.ReadFile(offset, piece);
        var chunk = new SnapshotChunk
        {
            Group = info.Group.Value,
            From = self().Value,
            Term = transfer.Term.Value,
            LastIndex = info.Index,
            LastTerm = info.Term,
            Configuration = info.Configuration,
            Offset = (ulong)offset,
            Data = UnsafeByteOperations.UnsafeWrap(piece.AsMemory(0, length)), // Encoded before Send returns.
            TotalBytes = (ulong)info.FileBytes,
        };
        if (addresses.TryFind(transfer.To, out var address))
        {
            transport.Send(address, Channel.SnapshotChunks, chunk, Lane.Bulk);
        }
    }

    private void Continue(SnapshotChunkReply reply)
    {
        var key = (new ShardId(reply.Group), new NodeId(reply.From));
        if (!outgoing.TryGetValue(key, out var transfer) || transfer.Reader.Info.Index != reply.LastIndex)
        {
            return;
        }

        if (reply.Refused || reply.NextOffset >= (ulong)transfer.Reader.Info.FileBytes)
        {
            End(key, delivered: !reply.Refused);
            return;
        }

        var wanted = (long)reply.NextOffset;
        if (wanted > transfer.Furthest)
        {
            (transfer.Furthest, transfer.LastProgress) = (wanted, Now);
            SendPiece(transfer, wanted);
        }
        else if (wanted < transfer.Offset)
        {
            SendPiece(transfer, wanted); // The follower has started again. It has to get past where it was before this counts as progress.
        }
    }

    private void End((ShardId Group, NodeId Peer) key, bool delivered)
    {
        outgoing.Remove(key, out var transfer);
        var bytes = transfer!.Reader.Info.FileBytes;
        transfer.Reader.Dispose();
        host.Tell(new SnapshotDelivered(key.Group, key.Peer, delivered, bytes));
    }

    private void Receive(SnapshotChunk chunk)
    {
        var group = new ShardId(chunk.Group);
        try
        {
            if (ReceiverFor(group, chunk) is not { } transfer)
            {
                return;
            }

            transfer.LastProgress = Now;
            var next = transfer.Receiver.Accept((long)chunk.Offset, chunk.Data.Span);
            if (transfer.Receiver.IsWhole)
            {
                incoming.Remove(group);
                Finish(transfer, chunk);
            }
            else
            {
                Reply(chunk, (ulong)next);
            }
        }
        catch (Exception refused) when (refused is IOException or InvalidDataException)
        {
            Context.System.EventStream.Publish(new SnapshotFailed(group, refused.Message));
            Abandon(group);
            Reply(chunk, 0, refused: true);
        }
    }

    private Incoming? ReceiverFor(ShardId group, SnapshotChunk chunk)
    {
        if (incoming.TryGetValue(group, out var transfer) && transfer.Receiver.Index == chunk.LastIndex && transfer.Receiver.Term == chunk.LastTerm)
        {
            return transfer;
        }

        if (Open(group, chunk.LastIndex, chunk.LastTerm) is { } whole)
        {
            using var reader = whole;
            Offer(reader, chunk); // It is here already, from before a restart, or because the last answer was lost.
            return null;
        }

        if (chunk.Offset != 0)
        {
            Reply(chunk, 0); // Of a transfer that this node knows nothing of any more: from the beginning, please.
            return null;
        }

        Abandon(group);
        if (!RaftConfiguration.TryFromWire(chunk.Configuration, out _))
        {
            Reply(chunk, 0, refused: true);
            return null;
        }

        if (!store.TryReceive(group, chunk.LastIndex, chunk.LastTerm, chunk.Configuration, (long)chunk.TotalBytes, out var receiver, out var refused))
        {
            Context.System.EventStream.Publish(new SnapshotFailed(group, refused));
            Reply(chunk, 0, refused: true);
            return null;
        }

        return incoming[group] = new Incoming(receiver);
    }

    /// <summary>Verified and durable: restore a machine from it here, where it may take its time, and offer both to the replica.</summary>
    private void Finish(Incoming transfer, SnapshotChunk chunk)
    {
        using var receiver = transfer.Receiver;
        var receipt = receiver.Complete();
        if (receipt.Installed is not { } info || store.TryOpen(info.Group, info.Index, info.Term) is not { } opened)
        {
            Context.System.EventStream.Publish(new SnapshotFailed(receiver.Group, receipt.Refused ?? "it vanished"));
            Reply(chunk, 0, refused: true);
            return;
        }

        using var reader = opened;
        Offer(reader, chunk);
    }

    private void Offer(SnapshotReader reader, SnapshotChunk chunk)
    {
        var info = reader.Info;
        var machine = newMachine(info.Group);
        machine.Restore(reader);
        var meta = new SnapshotMeta(new LogIndex(info.Index), new Term(info.Term), RaftConfiguration.FromWire(info.Configuration));
        host.Tell(new SnapshotArrived(info.Group, new NodeId(chunk.From), new Term(chunk.Term), meta, machine));
        Reply(chunk, chunk.TotalBytes);
    }

    private void Reply(SnapshotChunk chunk, ulong next, bool refused = false)
    {
        if (addresses.TryFind(new NodeId(chunk.From), out var address))
        {
            transport.Send(
                address,
                Channel.SnapshotReplies,
                new SnapshotChunkReply { Group = chunk.Group, From = self().Value, LastIndex = chunk.LastIndex, NextOffset = next, Refused = refused });
        }
    }

    private void Abandon(ShardId group)
    {
        if (incoming.Remove(group, out var transfer))
        {
            transfer.Receiver.Dispose();
        }
    }

    private void Forget(ShardId group)
    {
        Abandon(group);
        foreach (var key in outgoing.Keys.Where(key => key.Group == group).ToArray())
        {
            End(key, delivered: false);
        }

        try
        {
            store.DeleteGroup(group);
        }
        catch (IOException refused)
        {
            host.Tell(new SnapshotFailed(group, refused.Message)); // A leftover costs space only.
        }

        host.Tell(new SnapshotsForgotten(group));
    }

    private void LookAtProgress()
    {
        foreach (var (key, transfer) in outgoing.ToArray())
        {
            if (Now - transfer.LastProgress > options.SnapshotStall)
            {
                End(key, delivered: false);
            }
            else if (Now - transfer.LastSent >= options.SnapshotResend)
            {
                SendPiece(transfer, transfer.Offset);
            }
        }

        foreach (var (group, transfer) in incoming.ToArray())
        {
            if (Now - transfer.LastProgress > options.SnapshotStall)
            {
                Abandon(group);
            }
        }
    }

    private sealed class Outgoing(SnapshotReader reader, NodeId to, Term term)
    {
        public SnapshotReader Reader { get; } = reader;

        public NodeId To { get; } = to;

        /// <summary>Of the leadership in whose name it is sent: the follower takes it for nothing less than that leader's word.</summary>
        public Term Term { get; } = term;

        /// <summary>Where the piece begins that is under way.</summary>
        public long Offset { get; set; }

        /// <summary>How far the follower has ever been.</summary>
        public long Furthest { get; set; }

        public TimeSpan LastSent { get; set; }

        public TimeSpan LastProgress { get; set; }
    }

    private sealed class Incoming(SnapshotReceiver receiver)
    {
        public SnapshotReceiver Receiver { get; } = receiver;

        public TimeSpan LastProgress { get; set; }
    }

    private sealed record StallTick
    {
        public static readonly StallTick Instance = new();
    }
}
