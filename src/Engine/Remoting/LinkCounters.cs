namespace Cluster.Engine.Remoting;

/// <summary>What one link has moved and dropped since it was made. Written by the link's loops and by senders, read at any time.</summary>
internal sealed class LinkCounters
{
    private static readonly DropReason[] Reasons = Enum.GetValues<DropReason>();

    private readonly long[] dropped = new long[Reasons.Length];
    private long framesSent;
    private long bytesSent;
    private long framesReceived;
    private long bytesReceived;
    private long connects;

    public long FramesSent => Volatile.Read(ref framesSent);
    public long BytesSent => Volatile.Read(ref bytesSent);
    public long FramesReceived => Volatile.Read(ref framesReceived);
    public long BytesReceived => Volatile.Read(ref bytesReceived);
    public long Connects => Volatile.Read(ref connects);

    public void Sent(int frames, long bytes)
    {
        Interlocked.Add(ref framesSent, frames);
        Interlocked.Add(ref bytesSent, bytes);
    }

    public void Received(int frames, long bytes)
    {
        Interlocked.Add(ref framesReceived, frames);
        Interlocked.Add(ref bytesReceived, bytes);
    }

    public void Connected() => Interlocked.Increment(ref connects);

    public void Dropped(DropReason reason, int frames = 1) => Interlocked.Add(ref dropped[(int)reason], frames);

    public long DroppedFor(DropReason reason) => Volatile.Read(ref dropped[(int)reason]);

    public IReadOnlyDictionary<DropReason, long> DroppedByReason()
    {
        var counts = new SortedDictionary<DropReason, long>();
        foreach (var reason in Reasons)
        {
            if (DroppedFor(reason) is > 0 and var count)
            {
                counts[reason] = count;
            }
        }

        return counts;
    }
}
