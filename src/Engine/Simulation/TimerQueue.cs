namespace Cluster.Engine.Simulation;

/// <summary>What is due when, earliest first, and within one instant in the order in which it was set. A four-ary heap: the simulator lives in it.</summary>
internal sealed class TimerQueue<T>
{
    private const int Arity = 4;
    private const int InitialCapacity = 256;

    private Entry[] heap = new Entry[InitialCapacity];

    public int Count { get; private set; }

    /// <summary>The first one; only when there is one.</summary>
    public ref readonly Entry First => ref heap[0];

    public void Add(long due, long sequence, T item)
    {
        if (Count == heap.Length)
        {
            Array.Resize(ref heap, Count * 2);
        }

        var added = new Entry(due, sequence, item);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / Arity;
            if (!added.IsBefore(heap[parent]))
            {
                break;
            }

            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = added;
    }

    public void RemoveFirst()
    {
        var last = heap[--Count];
        heap[Count] = default;
        if (Count > 0)
        {
            SinkFromTop(last);
        }
    }

    private void SinkFromTop(in Entry entry)
    {
        var at = 0;
        while (true)
        {
            var first = (at * Arity) + 1;
            if (first >= Count)
            {
                break;
            }

            var least = first;
            var end = Math.Min(first + Arity, Count);
            for (var child = first + 1; child < end; child++)
            {
                if (heap[child].IsBefore(heap[least]))
                {
                    least = child;
                }
            }

            if (entry.IsBefore(heap[least]))
            {
                break;
            }

            heap[at] = heap[least];
            at = least;
        }

        heap[at] = entry;
    }

    /// <param name="Sequence">Of the setting: never the same twice, so no two entries are equal.</param>
    internal readonly record struct Entry(long Due, long Sequence, T Item)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}
