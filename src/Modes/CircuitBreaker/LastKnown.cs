namespace Cluster.Modes.CircuitBreaker;

/// <summary>The last known value of each item: what a read falls back on. Bounded; the item that came first goes first.</summary>
internal sealed class LastKnown
{
    /// <summary>Items remembered for one dependency: some hundred kilobytes.</summary>
    public const int MostItems = 1_000;

    private readonly Dictionary<string, KnownValue> values = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    public int Count => values.Count;

    /// <summary>Within one life of the dependency values only rise, so an answer that was overtaken changes nothing.</summary>
    public void Learn(string item, in KnownValue value)
    {
        if (values.TryGetValue(item, out var known))
        {
            if (known.Life == value.Life ? value.Value >= known.Value && value.AskedAt >= known.AskedAt : value.AskedAt > known.AskedAt)
            {
                values[item] = value;
            }

            return;
        }

        if (values.Count == MostItems)
        {
            values.Remove(order.Dequeue());
        }

        values.Add(item, value);
        order.Enqueue(item);
    }

    public KnownValue? Find(string item) => values.TryGetValue(item, out var known) ? known : null;
}
