namespace Cluster.Modes.PubSub;

/// <summary>
/// What one subscription has heard and its client has not yet taken: numbered, bounded in messages and bytes. A client that does not keep up is cut off, or loses the
/// oldest, as it chose; either way it can see it, by the state or by the numbers that are missing.
/// </summary>
internal sealed class InboxCore(bool dropsOldest)
{
    /// <summary>Messages that wait for one client: some seconds of a busy topic, read in a few requests.</summary>
    public const int MostMessages = 1_000;

    /// <summary>Bytes that wait for one client. With as many subscriptions as a node takes, what the engine lets wait for all its subscribers.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>What a message costs besides its bytes: its object, and its place.</summary>
    public const int PlaceBytes = 64;

    private readonly Queue<(HeardMessage Message, int Bytes)> waiting = new();
    private long bytes;

    public InboxState State { get; private set; }

    /// <summary>Number of the newest message, whether it found a place or not.</summary>
    public long Last { get; private set; }

    /// <summary>Messages that wait.</summary>
    public int Count => waiting.Count;

    /// <summary>Takes a message.</summary>
    /// <param name="size">Its topic's and its own bytes.</param>
    /// <returns>False when this one cuts the client off: the subscription is to be ended.</returns>
    public bool Hear(HeardMessage message, int size)
    {
        if (message.Number <= Last)
        {
            throw new InvalidOperationException($"message {message.Number} comes after {Last}");
        }

        Last = message.Number;
        var cost = size + PlaceBytes;
        if (cost > MostBytes)
        {
            return true; // Longer than the whole inbox: a gap, and no sign that the client does not keep up.
        }

        if (dropsOldest)
        {
            while (waiting.Count > 0 && IsFull(cost))
            {
                Drop();
            }
        }

        if (!IsFull(cost))
        {
            waiting.Enqueue((message, cost));
            bytes += cost;
            return true;
        }

        if (!dropsOldest && State == InboxState.Open)
        {
            State = InboxState.CutOff;
            return false;
        }

        return true; // Late after the cut: a gap.
    }

    /// <summary>The client has everything up to a number, and takes what follows. Asked again with the same number, it gets the same.</summary>
    /// <param name="most">Messages in one answer.</param>
    public IReadOnlyList<HeardMessage> Take(long after, int most)
    {
        while (waiting.TryPeek(out var first) && first.Message.Number <= after)
        {
            Drop();
        }

        return [.. waiting.Take(most).Select(entry => entry.Message)];
    }

    /// <summary>The client has ended it; one that was cut off stays so.</summary>
    public void Unsubscribe() => State = State == InboxState.Open ? InboxState.Unsubscribed : State;

    private bool IsFull(int more) => waiting.Count >= MostMessages || bytes + more > MostBytes;

    private void Drop() => bytes -= waiting.Dequeue().Bytes;
}
