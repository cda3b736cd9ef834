using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp;

/// <summary>
/// What is to be told to a connection out of turn, until its writing side gets to it: between two replies, or at once when none is due. Events of the cluster are bounded
/// in number here: what finds no room is dropped, so who pushes them numbers them. Messages are bounded in bytes by the connection's backlog, which cuts it off.
/// </summary>
/// <remarks>
/// A confirmation of SUBSCRIBE or UNSUBSCRIBE is a reply, in its place among the replies; here it has a number. A message that came after a confirmation was made is not
/// written before it, and one that came earlier not after it: so a client hears of a subscription before its first message, and of none after its end.
/// </remarks>
internal sealed class PushQueue(int mostEvents)
{
    private readonly Lock gate = new();
    private readonly Queue<Push> waiting = new();
    private int count;
    private int confirmations;

    /// <summary>Whether something waits: asked for each reply, so it takes no lock.</summary>
    public bool Any => Volatile.Read(ref count) > 0;

    /// <summary>An event of the cluster.</summary>
    /// <returns>False when there was no room.</returns>
    public bool TryAdd(RespValue push)
    {
        lock (gate)
        {
            if (waiting.Count >= mostEvents)
            {
                return false;
            }

            Add(new Push(push, confirmations, IsEvent: true));
            return true;
        }
    }

    /// <summary>A message of a subscription.</summary>
    public void AddMessage(RespValue message)
    {
        lock (gate)
        {
            Add(new Push(message, confirmations, IsEvent: false));
        }
    }

    /// <summary>The next confirmation's number, from 1: messages that come from now on are behind it.</summary>
    public int NextConfirmation()
    {
        lock (gate)
        {
            return ++confirmations;
        }
    }

    /// <param name="confirmed">The number of the confirmation written last.</param>
    public bool TryTake(int confirmed, out Push push)
    {
        push = default;
        if (!Any)
        {
            return false;
        }

        lock (gate)
        {
            if (!waiting.TryPeek(out push) || push.Behind > confirmed)
            {
                return false;
            }

            waiting.Dequeue();
            Volatile.Write(ref count, waiting.Count);
            return true;
        }
    }

    private void Add(in Push push)
    {
        waiting.Enqueue(push);
        Volatile.Write(ref count, waiting.Count);
    }

    /// <param name="Behind">The confirmation that has to be written before it.</param>
    /// <param name="IsEvent">An event of the cluster, which only RESP3 has; else a message, which stands in the backlog.</param>
    internal readonly record struct Push(RespValue Value, int Behind, bool IsEvent);
}
