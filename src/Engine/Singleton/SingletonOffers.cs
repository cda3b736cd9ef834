using System.Collections.Immutable;

namespace Cluster.Engine.Singleton;

/// <summary>The singletons that this node offers to run, in ordinal order: what its heartbeats announce. Read from any thread.</summary>
internal sealed class SingletonOffers
{
    private ImmutableSortedSet<string> names = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public ImmutableSortedSet<string> Names => Volatile.Read(ref names);

    /// <returns>False when the name is offered already.</returns>
    public bool Add(string name) => ImmutableInterlocked.Update(ref names, static (known, added) => known.Add(added), name);
}
