using System.Buffers;
using Cluster.Engine.Remoting.Framing;
using Cluster.Engine.Remoting.Recording;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Cluster.Engine.Remoting.Tcp;

/// <content>The read loop: every frame is bounded and its channel known before a handler sees it.</content>
internal sealed partial class LinkConnection
{
    private long framesRead;

    private async Task ReadAsync()
    {
        var input = context.Transport.Input;
        try
        {
            while (Volatile.Read(ref ending) is null or { Cause: LinkDownCause.Closed })
            {
                var result = await input.ReadAsync().ConfigureAwait(false);
                var rest = result.Buffer;
                if (Volatile.Read(ref ending) is not null)
                {
                    // This side has closed it: nothing more is delivered, but reading on lets the peer take what is still being written to it.
                    rest = rest.Slice(rest.End);
                }

                var broken = Dispatch(ref rest);
                input.AdvanceTo(rest.Start, rest.End);
                if (broken is not null)
                {
                    transport.Logger.LogWarning("remoting: closing the {Lane} link to {Peer}: {Reason}", link.Lane, Peer, broken);
                    End(LinkDownCause.ProtocolError, broken);
                }
                else if (result.IsCompleted || result.IsCanceled)
                {
                    End(LinkDownCause.Lost, rest.IsEmpty ? "the peer closed the connection" : "the peer closed the connection in the middle of a frame");
                    return;
                }
            }
        }
#pragma warning disable CA1031 // Whatever a connection throws ends that connection and nothing else.
        catch (Exception error)
#pragma warning restore CA1031
        {
            End(LinkDownCause.Lost, error.Message);
        }
    }

    /// <summary>Hands out every whole frame at the front of <paramref name="rest"/>. Returns what is wrong with the next one, if something is.</summary>
    private string? Dispatch(ref ReadOnlySequence<byte> rest)
    {
        var before = rest.Length;
        var frames = 0;
        string? broken = null;
        while (broken is null && Volatile.Read(ref ending) is null)
        {
            var read = FrameFormat.TryRead(ref rest, transport.Options.MaxFrameBytes, out var header, out var payload);
            if (read == FrameRead.Incomplete)
            {
                break;
            }

            broken = Wrong(read, header) ?? Hand(header, payload);
            frames++;
        }

        if (frames > 0)
        {
            link.Counters.Received(frames, before - rest.Length);
        }

        return broken;
    }

    private string? Wrong(FrameRead read, FrameHeader header)
    {
        if (read == FrameRead.Oversized)
        {
            return $"it sent the header of a frame of {header.PayloadBytes:N0} bytes, over the bound of {transport.Options.MaxFrameBytes:N0}";
        }

        if (!TcpTransport.IsChannel(header.Channel) || header.Flags != 0)
        {
            return $"it sent a frame on channel {header.Channel} with flags {header.Flags}, which this protocol version does not have";
        }

        return null;
    }

    private string? Hand(FrameHeader header, ReadOnlySequence<byte> payload)
    {
        var place = new WirePlace(session, framesRead++);
        var trace = transport.Recorder.TryTrace((Channel)header.Channel, link.Lane, payload);
        var broken = Hand(header, payload, out var dropped);
        if (dropped is { } reason)
        {
            link.Counters.Dropped(reason);
        }

        if (trace is not null)
        {
            transport.Recorder.Received(trace, Peer.Name.ToString(), place, dropped);
        }

        return broken;
    }

    private string? Hand(FrameHeader header, ReadOnlySequence<byte> payload, out DropReason? dropped)
    {
        dropped = null;
        if (transport.Faults.Active && transport.Faults.DropsIncoming(Peer.Name))
        {
            dropped = DropReason.Fault;
            return null;
        }

        if (Peer.OtherCluster is not null && (Channel)header.Channel != Channel.Federation)
        {
            dropped = DropReason.OtherCluster;
            return null;
        }

        if (transport.HandlerOf(header.Channel) is not { } handler)
        {
            dropped = DropReason.NoHandler;
            return null;
        }

        try
        {
            handler(Peer, payload);
            return null;
        }
        catch (InvalidProtocolBufferException garbage)
        {
            dropped = DropReason.HandlerFailed;
            return $"it sent a frame of {header.PayloadBytes:N0} bytes on channel {(Channel)header.Channel} that cannot be parsed: {garbage.Message}";
        }
#pragma warning disable CA1031 // A handler's bug costs its frame; the link carries other channels too.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            dropped = DropReason.HandlerFailed;
            transport.Logger.LogError(bug, "remoting: the handler of channel {Channel} failed on a frame of {Bytes} bytes from {Peer}; the frame is dropped", (Channel)header.Channel, header.PayloadBytes, Peer);
            return null;
        }
    }
}
