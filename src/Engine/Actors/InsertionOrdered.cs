using System.Diagnostics.CodeAnalysis;

namespace Cluster.Engine.Actors;

/// <summary>
/// A map that is walked in the order its keys came in, with constant-time removal. What is sent on a walk (stops, death notices) is thereby
/// the same in every run of a seed.
/// </summary>
internal sealed class InsertionOrdered<TKey, TValue>
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, TValue>>> byKey = [];
    private readonly LinkedList<KeyValuePair<TKey, TValue>> order = new();

    public int Count => byKey.Count;

    public bool ContainsKey(TKey key) => byKey.ContainsKey(key);

    public bool TryAdd(TKey key, TValue value)
    {
        if (byKey.ContainsKey(key))
        {
            return false;
        }

        byKey.Add(key, order.AddLast(new KeyValuePair<TKey, TValue>(key, value)));
        return true;
    }

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = byKey.TryGetValue(key, out var node);
        value = found ? node!.Value.Value : default;
        return found;
    }

    public bool Remove(TKey key)
    {
        if (!byKey.Remove(key, out var node))
        {
            return false;
        }

        order.Remove(node);
        return true;
    }

    /// <summary>A copy, oldest first: the walk may change the map.</summary>
    public KeyValuePair<TKey, TValue>[] ToArray() => [.. order];
}
