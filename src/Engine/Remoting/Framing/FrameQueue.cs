using Cluster.Engine.Remoting.Recording;
using Google.Protobuf;

namespace Cluster.Engine.Remoting.Framing;

/// <summary>
/// The pending frames of one link: many threads append (encoding under a short lock), one writer takes whole chunks of them. Keeps the order
/// of appends, and never holds more than its bound, counting what the writer took and has not flushed yet.
/// </summary>
/// <param name="maxBytes">Most that waits.</param>
/// <param name="mostMessageBytes">Past that much publish-subscribe's frames are refused, and others are not: whoever publishes without end leaves room.</param>
internal sealed class FrameQueue(long maxBytes, long mostMessageBytes = long.MaxValue)
{
    // A frame of this size or more is encoded before the lock is taken, so that it does not hold up the senders of small ones.
    private const int LargeBytes = 16 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<FrameChunk> chunks = new();
    private FrameChunk? tail;
    private WriterSignal? writer;
    private bool writerWaits;
    private bool finishing;
    private long bytes;

    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Encodes a frame at the end; false when the bound is met.</summary>
    public bool TryAppend(Channel channel, IMessage message, int payloadBytes, FrameTrace? trace = null)
    {
        var frameBytes = FrameFormat.HeaderBytes + payloadBytes;
        if (frameBytes >= LargeBytes)
        {
            if (Bytes + frameBytes > Bound(channel))
            {
                return false;
            }

            var own = new FrameChunk(frameBytes);
            Encode(own, frameBytes, channel, message, trace);
            return TryAppendChunk(own, Bound(channel));
        }

        WriterSignal? wake;
        lock (gate)
        {
            if (finishing || bytes + frameBytes > Bound(channel))
            {
                return false;
            }

            Encode(TailWithRoom(frameBytes), frameBytes, channel, message, trace);
            bytes += frameBytes;
            wake = TakeWake();
        }

        wake?.Set();
        return true;
    }

    /// <summary>Appends a frame whose payload is encoded already.</summary>
    public bool TryAppend(Channel channel, ReadOnlySpan<byte> payload, FrameTrace? trace = null)
    {
        var frameBytes = FrameFormat.HeaderBytes + payload.Length;
        WriterSignal? wake;
        lock (gate)
        {
            if (finishing || bytes + frameBytes > Bound(channel))
            {
                return false;
            }

            var chunk = TailWithRoom(frameBytes);
            var target = chunk.Free(frameBytes);
            FrameFormat.WriteHeader(target, payload.Length, (byte)channel, flags: 0);
            payload.CopyTo(target[FrameFormat.HeaderBytes..]);
            chunk.Commit(frameBytes, trace);
            bytes += frameBytes;
            wake = TakeWake();
        }

        wake?.Set();
        return true;
    }

    /// <summary>Makes <paramref name="signal"/>'s owner the only writer; an earlier one is told to stop.</summary>
    public void Attach(WriterSignal signal)
    {
        WriterSignal? wake;
        lock (gate)
        {
            wake = TakeWake();
            writer = signal;
        }

        wake?.Set();
    }

    /// <summary>Stops that writer, if it is still the one.</summary>
    public void Detach(WriterSignal signal)
    {
        WriterSignal? wake = null;
        lock (gate)
        {
            if (writer == signal)
            {
                wake = TakeWake();
                writer = null;
            }
        }

        wake?.Set();
    }

    /// <summary>Takes no more frames; the writer is told to stop once it has taken all there are.</summary>
    public void Finish()
    {
        WriterSignal? wake;
        lock (gate)
        {
            finishing = true;
            wake = TakeWake();
        }

        wake?.Set();
    }

    /// <summary>Hands the writer the oldest chunk. Where there is none it arms <paramref name="signal"/>, which the writer then awaits.</summary>
    public FrameTake TryTake(WriterSignal signal, out FrameChunk? chunk)
    {
        lock (gate)
        {
            chunk = null;
            if (writer != signal)
            {
                return FrameTake.Stopped;
            }

            if (chunks.TryDequeue(out chunk))
            {
                if (chunk == tail)
                {
                    tail = null;
                }

                return FrameTake.Taken;
            }

            if (finishing)
            {
                return FrameTake.Stopped;
            }

            signal.Arm();
            writerWaits = true;
            return FrameTake.Empty;
        }
    }

    /// <summary>The writer is done with a chunk: its bytes no longer count and its buffer goes back.</summary>
    public void Release(FrameChunk chunk)
    {
        lock (gate)
        {
            bytes -= chunk.Used;
        }

        chunk.Return();
    }

    /// <summary>Drops what waits and returns how many frames that were.</summary>
    /// <param name="dropped">Sees each recorded one.</param>
    public int Drop(Action<FrameTrace>? dropped = null)
    {
        var frames = 0;
        lock (gate)
        {
            while (chunks.TryDequeue(out var chunk))
            {
                frames += chunk.Frames;
                if (dropped is not null)
                {
                    foreach (var (_, trace) in chunk.Traced)
                    {
                        dropped(trace);
                    }
                }

                bytes -= chunk.Used;
                chunk.Return();
            }

            tail = null;
        }

        return frames;
    }

    private long Bound(Channel channel) => channel == Channel.PubSub ? Math.Min(maxBytes, mostMessageBytes) : maxBytes;

    private static void Encode(FrameChunk chunk, int frameBytes, Channel channel, IMessage message, FrameTrace? trace)
    {
        var target = chunk.Free(frameBytes);
        FrameFormat.WriteHeader(target, frameBytes - FrameFormat.HeaderBytes, (byte)channel, flags: 0);
        message.WriteTo(target[FrameFormat.HeaderBytes..]);
        chunk.Commit(frameBytes, trace);
    }

    private bool TryAppendChunk(FrameChunk own, long bound)
    {
        WriterSignal? wake;
        lock (gate)
        {
            if (finishing || bytes + own.Used > bound)
            {
                own.Return();
                return false;
            }

            chunks.Enqueue(own);
            tail = null;
            bytes += own.Used;
            wake = TakeWake();
        }

        wake?.Set();
        return true;
    }

    private FrameChunk TailWithRoom(int frameBytes)
    {
        if (tail is null || !tail.HasRoom(frameBytes))
        {
            tail = new FrameChunk(Math.Max(FrameChunk.OrdinaryBytes, frameBytes));
            chunks.Enqueue(tail);
        }

        return tail;
    }

    private WriterSignal? TakeWake()
    {
        if (!writerWaits)
        {
            return null;
        }

        writerWaits = false;
        return writer;
    }
}
