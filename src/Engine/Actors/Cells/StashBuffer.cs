using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>An actor's stash, and the messages it has put back: those are handled before the mailbox. Survives restarts.</summary>
internal sealed class StashBuffer(ActorCell cell, int capacity) : IStash
{
    private readonly List<Envelope> stashed = [];
    private readonly LinkedList<Envelope> putBack = new();

    public int Count => stashed.Count;

    public bool HasPutBack => putBack.Count > 0;

    public void Stash()
    {
        var envelope = cell.TakeCurrentForStash();
        if (stashed.Count >= capacity)
        {
            throw new StashOverflowException(cell.Self, capacity);
        }

        stashed.Add(envelope);
    }

    public void UnstashAll()
    {
        for (var i = stashed.Count - 1; i >= 0; i--)
        {
            putBack.AddFirst(stashed[i]);
        }

        stashed.Clear();
    }

    public bool TryTake(out Envelope envelope)
    {
        if (putBack.First is not { } first)
        {
            envelope = default;
            return false;
        }

        envelope = first.Value;
        putBack.RemoveFirst();
        return true;
    }
}
