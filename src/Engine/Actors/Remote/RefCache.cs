using System.Collections.Concurrent;
using Cluster.Engine.Actors.Cells;

namespace Cluster.Engine.Actors.Remote;

/// <summary>
/// Remembers which reference a path text stood for, so that a message from another node costs one look-up and no parsing.
/// Actors that have stopped, and places where none was found, are looked up anew.
/// </summary>
internal sealed class RefCache
{
    /// <summary>Beyond this it starts afresh: paths come from elsewhere, and nobody promises that they are few.</summary>
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, InternalRef> refs = new(StringComparer.Ordinal);
    private int count;

    public InternalRef? Find(string path) =>
        refs.TryGetValue(path, out var known) && known is not LocalRef { Cell.IsStopped: true } ? known : null;

    public void Remember(string path, InternalRef resolved)
    {
        if (resolved is not (LocalRef or RemoteActorRef))
        {
            return;
        }

        if (Interlocked.Increment(ref count) > Capacity)
        {
            refs.Clear();
            Interlocked.Exchange(ref count, 0);
        }

        refs[path] = resolved;
    }
}
