using System.Globalization;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>
/// An actor's children, oldest first. Locked, because top-level actors are started and paths are looked up from any thread;
/// everything else happens in the parent's own turn.
/// </summary>
internal sealed class ChildMap
{
    private readonly Lock gate = new();
    private readonly InsertionOrdered<string, ChildEntry> children = new();
    private long lastUnnamed;
    private int stopping;
    private bool closed;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return children.Count;
            }
        }
    }

    /// <summary>Whether a child has been told to stop and has not yet ended.</summary>
    public bool AnyStopping
    {
        get
        {
            lock (gate)
            {
                return stopping > 0;
            }
        }
    }

    public LocalRef Add(ActorPath parent, string? name, Func<string, LocalRef> make)
    {
        if (name is not null && (name.StartsWith('$') || !ActorPath.IsName(name)))
        {
            throw new InvalidActorNameException(
                $"'{name}' is no name for an actor under {parent}: 1 to {ActorPath.MaxNameLength} visible ASCII characters without / # ? %, not beginning with $");
        }

        lock (gate)
        {
            if (closed)
            {
                throw new InvalidOperationException($"{parent} is stopping and takes no new child");
            }

            name ??= string.Create(CultureInfo.InvariantCulture, $"${++lastUnnamed}");
            if (children.ContainsKey(name))
            {
                throw new InvalidActorNameException($"'{name}' is taken under {parent}: a name is free again once its actor's Terminated has arrived");
            }

            var child = make(name);
            children.TryAdd(name, new ChildEntry(child));
            return child;
        }
    }

    public ChildEntry? Find(string name)
    {
        lock (gate)
        {
            return children.TryGetValue(name, out var entry) ? entry : null;
        }
    }

    public ChildEntry? Find(LocalRef child) => Find(child.Path.Name) is { } entry && ReferenceEquals(entry.Ref, child) ? entry : null;

    public bool Remove(LocalRef child)
    {
        lock (gate)
        {
            if (Find(child) is not { } entry)
            {
                return false;
            }

            stopping -= entry.IsStopping ? 1 : 0;
            return children.Remove(child.Path.Name);
        }
    }

    /// <returns>False if it was stopping already.</returns>
    public bool MarkStopping(ChildEntry entry)
    {
        lock (gate)
        {
            if (entry.IsStopping)
            {
                return false;
            }

            entry.IsStopping = true;
            stopping++;
            return true;
        }
    }

    /// <summary>Takes no more children.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
        }
    }

    public ChildEntry[] ToArray()
    {
        lock (gate)
        {
            return Array.ConvertAll(children.ToArray(), static pair => pair.Value);
        }
    }
}
