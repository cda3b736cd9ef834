namespace Cluster.Engine.Actors.Dispatchers;

/// <summary>What waits for its turn, in a fixed order: first come, first served, or drawn from a seeded random source. One thread at a time.</summary>
internal sealed class TurnQueue(Random? order = null)
{
    /// <summary>Turns taken whose places are given back at once, where the others are fewer: the cost of a turn stays the same however many come.</summary>
    private const int PlacesGivenBack = 1024;

    private readonly List<IThreadPoolWorkItem> ready = [];
    private int first;

    public bool IsEmpty => first == ready.Count;

    public void Add(IThreadPoolWorkItem item) => ready.Add(item);

    /// <summary>The next one; null if none waits.</summary>
    public IThreadPoolWorkItem? Take()
    {
        if (IsEmpty)
        {
            ready.Clear();
            first = 0;
            return null;
        }

        if (order is not null && ready.Count - first > 1)
        {
            var drawn = order.Next(first, ready.Count);
            (ready[first], ready[drawn]) = (ready[drawn], ready[first]);
        }

        var item = ready[first];
        ready[first++] = null!;
        if (first > PlacesGivenBack && first * 2 > ready.Count)
        {
            ready.RemoveRange(0, first);
            first = 0;
        }

        return item;
    }
}
