using System.Buffers;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Google.Protobuf;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>
/// Notes each frame that a node sends, receives or drops, once its fate at this end is known: in a ring, so that it never holds more than its bounds. Off unless
/// it is asked for, and then a frame costs one volatile read. Messages are decoded when they are read out.
/// </summary>
/// <remarks>
/// Times are nanoseconds of <paramref name="time"/>. Between processes that must be the machine's monotonic clock, which all of them share, and not the clock
/// that the node lives by, which may be wrong on purpose.
/// </remarks>
public sealed class MessageRecorder(NodeName self, TimeProvider time, RecordingOptions options)
{
    private readonly RecordingOptions options = options.Validate();
    private readonly Lock gate = new();
    private readonly string self = self.ToString();
    private MessageRecord[] ring = [];
    private ulong first = 1;
    private ulong next = 1;
    private long keptBytes;
    private volatile bool on;

    /// <summary>Whether it records, how its clock reads, and what it keeps.</summary>
    public RecordingView State
    {
        get
        {
            lock (gate)
            {
                return new RecordingView(on, Now, first, next - 1, options.MaxRecords);
            }
        }
    }

    private long Now => (long)(time.GetTimestamp() * (1_000_000_000.0 / time.TimestampFrequency));

    /// <summary>Records from now on, and forgets what was recorded before; does nothing when it records already.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (on)
            {
                return;
            }

            // Microseconds since the machine started: the records of a node's next life have higher numbers, so a reader that goes on misses none of them.
            first = next = Math.Max(next, (ulong)(Now / 1000) + 1);
            keptBytes = 0;
            ring = new MessageRecord[options.MaxRecords];
            on = true;
        }
    }

    /// <summary>Records nothing more; what was recorded can still be read.</summary>
    public void Stop() => on = false;

    /// <summary>The oldest kept records after a number, at most so many.</summary>
    public IReadOnlyList<MessageRecordView> Read(ulong after, int most)
    {
        MessageRecord[] taken;
        ulong start;
        lock (gate)
        {
            start = Math.Max(first, after == ulong.MaxValue ? after : after + 1);
            taken = new MessageRecord[start >= next ? 0 : (int)Math.Min((ulong)most, next - start)];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = ring[Slot(start + (ulong)i)];
            }
        }

        return [.. taken.Select((record, i) => record.Describe(start + (ulong)i))];
    }

    /// <summary>Notes a message that is being sent; null when recording is off, which is all that it costs then.</summary>
    internal FrameTrace? TryTrace(Channel channel, Lane lane, IMessage message, int payloadBytes) =>
        on ? new FrameTrace(Now, channel, lane, payloadBytes, Cut(message.ToByteArray())) : null;

    /// <summary>Notes a frame that has come in; null when recording is off.</summary>
    internal FrameTrace? TryTrace(Channel channel, Lane lane, ReadOnlySequence<byte> payload) =>
        on ? new FrameTrace(Now, channel, lane, (int)payload.Length, payload.Slice(0, Math.Min(payload.Length, options.MaxHeadBytes)).ToArray()) : null;

    /// <summary>It was written to a connection.</summary>
    internal void Sent(FrameTrace trace, string to, WirePlace place) => Add(new MessageRecord(trace, IsReceipt: false, self, to, place, null));

    /// <summary>It did not leave this node, or nobody knows whether it did: then it has a place, and the receiver may know better.</summary>
    internal void Dropped(FrameTrace? trace, string to, string why, WirePlace? place = null)
    {
        if (trace is not null)
        {
            Add(new MessageRecord(trace, IsReceipt: false, self, to, place, why));
        }
    }

    /// <summary>It came in, and was handed on or dropped here.</summary>
    internal void Received(FrameTrace trace, string from, WirePlace place, DropReason? dropped) =>
        Add(new MessageRecord(trace, IsReceipt: true, from, self, place, dropped is { } reason ? DropWords.Of(reason) : null));

    private void Add(MessageRecord record)
    {
        lock (gate)
        {
            if (!on)
            {
                return;
            }

            while (next - first >= (ulong)ring.Length || (next > first && keptBytes + record.Trace.Head.Length > options.MaxKeptBytes))
            {
                keptBytes -= ring[Slot(first++)].Trace.Head.Length;
            }

            ring[Slot(next++)] = record;
            keptBytes += record.Trace.Head.Length;
        }
    }

    private byte[] Cut(byte[] payload) => payload.Length <= options.MaxHeadBytes ? payload : payload[..options.MaxHeadBytes];

    private int Slot(ulong sequence) => (int)(sequence % (ulong)ring.Length);
}
