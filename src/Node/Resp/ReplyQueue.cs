namespace Cluster.Node.Resp;

/// <summary>
/// The commands of one connection that are under way, in order. One side (the reader) adds, the other (the writer) takes; bounded in number and bytes.
/// </summary>
/// <remarks>
/// Order of effects: a command starts only when no earlier one that touches its key, one of the two writing, is under way. So two commands on one key take
/// effect in the order sent, whatever retries and fail-overs do to each on its way, while commands on other keys, and reads of the same key, run side by side.
/// </remarks>
internal sealed class ReplyQueue(RespOptions options)
{
    private readonly Lock gate = new();
    private readonly Signal arrived = new(runAsynchronously: false);
    private readonly Signal left = new(runAsynchronously: true);
    private PendingReply[] ring = new PendingReply[16];
    private uint[] accesses = new uint[16];
    private int head;
    private int count;
    private long bytes;
    private bool completed;

    /// <summary>Whether a command has to wait for others before it starts: for order, or for room.</summary>
    public bool MustWait(uint access, int size)
    {
        lock (gate)
        {
            return count > 0 && (count >= options.MaxOutstandingCommands || bytes + size > options.MaxOutstandingBytes || KeyAccess.Conflicts(access, accesses));
        }
    }

    /// <summary>Waits until a command has left, or may have: ask <see cref="MustWait"/> again. The reader's.</summary>
    public ValueTask WaitForLeavingAsync() => left.WaitAsync();

    /// <summary>Adds a started command; the writer hears of it at the next <see cref="Publish"/>.</summary>
    public void Add(in PendingReply reply)
    {
        lock (gate)
        {
            if (count == ring.Length)
            {
                Grow();
            }

            var at = (head + count) & (ring.Length - 1);
            ring[at] = reply;
            accesses[at] = reply.Access;
            bytes += reply.Bytes;
            count++;
        }
    }

    /// <summary>Wakes the writer, on this thread: it starts with what is there, and comes back when it has to wait.</summary>
    public void Publish() => arrived.Set();

    /// <summary>No more will be added.</summary>
    public void Complete()
    {
        Volatile.Write(ref completed, true);
        arrived.Set();
    }

    /// <summary>Whether no more will be added.</summary>
    public bool IsCompleted => Volatile.Read(ref completed);

    /// <summary>The oldest command, which stays in place (and holds up those that must wait for it) until <see cref="Leave"/>.</summary>
    public bool TryPeek(out PendingReply reply)
    {
        lock (gate)
        {
            reply = count > 0 ? ring[head] : default;
            return count > 0;
        }
    }

    /// <summary>Takes the oldest command out.</summary>
    public void Leave()
    {
        lock (gate)
        {
            bytes -= ring[head].Bytes;
            ring[head] = default;
            accesses[head] = KeyAccess.None;
            head = (head + 1) & (ring.Length - 1);
            count--;
        }

        left.Set();
    }

    /// <summary>Waits until commands were published, or may have been: ask <see cref="TryPeek"/> again. The writer's.</summary>
    public ValueTask WaitForArrivalAsync() => arrived.WaitAsync();

    private void Grow()
    {
        var larger = new PendingReply[ring.Length * 2];
        var largerAccesses = new uint[larger.Length];
        for (var i = 0; i < count; i++)
        {
            var from = (head + i) & (ring.Length - 1);
            larger[i] = ring[from];
            largerAccesses[i] = accesses[from];
        }

        ring = larger;
        accesses = largerAccesses;
        head = 0;
    }
}
