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
    private readonly byte[] piece = new byte[options.SnapshotChunkBytes];

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
            case StallTick:
                GiveUpStalled();
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
            if (index >= wanted.AtLeast.Value && store.TryOpen(wanted.Group, index, term) is { } reader)
            {
                var transfer = new Outgoing(reader, wanted.To) { LastProgress = Now };
                outgoing.Add((wanted.Group, wanted.To), transfer);
                SendPiece(transfer, offset: 0);
                return;
            }
        }

        host.Tell(new SnapshotDelivered(wanted.Group, wanted.To, Delivered: false));
    }

    private void SendPiece(Outgoing transfer, long offset)
    {
        var info = transfer.Reader.Info;
        var length = transfer.Reader.ReadFile(offset, piece);
        var chunk = new SnapshotChunk
        {
            Group = info.Group.Value,
            From = self().Value,
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

        transfer.LastProgress = Now;
        if (reply.Refused || reply.NextOffset >= (ulong)transfer.Reader.Info.FileBytes)
        {
            End(key, delivered: !reply.Refused);
        }
        else
        {
            SendPiece(transfer, (long)reply.NextOffset);
        }
    }

    private void End((ShardId Group, NodeId Peer) key, bool delivered)
    {
        outgoing.Remove(key, out var transfer);
        transfer!.Reader.Dispose();
        host.Tell(new SnapshotDelivered(key.Group, key.Peer, delivered));
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
        catch (IOException refused)
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

        if (chunk.Offset != 0)
        {
            Reply(chunk, 0); // Of a transfer that this node knows nothing of any more: from the beginning, please.
            return null;
        }

        Abandon(group);
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

    private void GiveUpStalled()
    {
        foreach (var (key, transfer) in outgoing.ToArray())
        {
            if (Now - transfer.LastProgress > options.SnapshotStall)
            {
                End(key, delivered: false);
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

    private sealed class Outgoing(SnapshotReader reader, NodeId to)
    {
        public SnapshotReader Reader { get; } = reader;

        public NodeId To { get; } = to;

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
