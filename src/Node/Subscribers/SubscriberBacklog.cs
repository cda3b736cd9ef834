namespace Cluster.Node.Subscribers;

/// <summary>What waits for one client that subscribes, in bytes, judged by the limits with each message that comes. Once cut off it takes no more.</summary>
internal sealed class SubscriberBacklog : IDisposable
{
    /// <summary>What a waiting message costs besides its bytes: its places in the queues.</summary>
    public const int PlaceBytes = 48;

    private readonly SubscriberBacklogs all;
    private readonly Action end;
    private readonly Queue<WaitingMessage> waiting = new();
    private readonly Lock gate = new();
    private long bytes;
    private long softSince;
    private bool isOverSoft;
    private bool isClosed;

    public SubscriberBacklog(SubscriberBacklogs all, string client, Action end)
    {
        (this.all, Client, this.end) = (all, client, end);
    }

    /// <summary>Who it is, for the log.</summary>
    public string Client { get; }

    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>A message is to wait. False when the client is cut off, by this message or before.</summary>
    public bool TryAdd(WaitingMessage message)
    {
        lock (gate)
        {
            if (isClosed)
            {
                return false;
            }

            waiting.Enqueue(message);
            bytes += message.Bytes + PlaceBytes;
            all.Add(message.Hold() + PlaceBytes);
            var options = all.Options;
            if (bytes > options.HardBytes)
            {
                Cut("hard", $"{bytes:N0} bytes wait for it, over the limit of {options.HardBytes:N0}");
            }
            else if (bytes <= options.SoftBytes)
            {
                isOverSoft = false;
            }
            else if (!isOverSoft)
            {
                (isOverSoft, softSince) = (true, all.Time.GetTimestamp());
            }
            else if (all.Time.GetElapsedTime(softSince) >= options.SoftTime)
            {
                Cut("soft", $"more than {options.SoftBytes:N0} bytes have waited for it for {options.SoftTime.TotalSeconds:0} s");
            }

            if (isClosed)
            {
                return false;
            }
        }

        all.CutFurthestBehind();
        return true;
    }

    /// <summary>The message that has waited longest was written, or dropped.</summary>
    public void Remove()
    {
        lock (gate)
        {
            if (waiting.TryDequeue(out var message))
            {
                bytes -= message.Bytes + PlaceBytes;
                isOverSoft &= bytes > all.Options.SoftBytes;
                all.Add(-message.Release() - PlaceBytes);
            }
        }
    }

    /// <summary>Cuts the client off, once: nothing waits for it any more.</summary>
    /// <param name="limit">The limit that was passed, for the count.</param>
    public void Cut(string limit, string why)
    {
        lock (gate)
        {
            if (!isClosed)
            {
                Close();
                all.WasCut(this, limit, why);
                ThreadPool.UnsafeQueueUserWorkItem(static end => end(), end, preferLocal: false); // Not here: whoever publishes does not wait for a connection's end.
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (!isClosed)
            {
                Close();
            }
        }
    }

    private void Close()
    {
        isClosed = true;
        all.Close(this);
        while (waiting.TryDequeue(out var message))
        {
            all.Add(-message.Release() - PlaceBytes);
        }

        bytes = 0;
    }
}
