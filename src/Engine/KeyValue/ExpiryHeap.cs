namespace Cluster.Engine.KeyValue;

/// <summary>
/// The records that have a deadline, the earliest on top: a 4-ary heap in which each record knows its place, so that a record that is replaced leaves at
/// once and the heap is never larger than the keys that expire.
/// </summary>
internal sealed class ExpiryHeap
{
    private const int Arity = 4;

    private readonly List<int> open = [];
    private Item[] items = new Item[16];

    public int Count { get; private set; }

    public bool AnyDue(long nowUnixMs) => Count > 0 && items[0].AtMs <= nowUnixMs;

    public void Add(KvRecord record)
    {
        if (Count == items.Length)
        {
            Array.Resize(ref items, Count * 2);
        }

        SiftUp(Count++, new Item(record.ExpiresAtMs, record));
    }

    public void Remove(KvRecord record)
    {
        var hole = record.HeapPosition;
        record.HeapPosition = -1;
        var last = items[--Count];
        items[Count] = default;
        if (hole < Count)
        {
            Place(hole, last);
        }
    }

    /// <summary>One record takes the place of another of the same key.</summary>
    public void Replace(KvRecord old, KvRecord record)
    {
        var hole = old.HeapPosition;
        old.HeapPosition = -1;
        Place(hole, new Item(record.ExpiresAtMs, record));
    }

    /// <summary>Adds records that are due, in no order, until <paramref name="due"/> holds <paramref name="max"/> of them. Costs as much as it finds.</summary>
    public void CollectDue(long nowUnixMs, int max, List<KvRecord> due)
    {
        open.Clear();
        open.Add(0);
        while (open.Count > 0 && due.Count < max)
        {
            var at = open[^1];
            open.RemoveAt(open.Count - 1);
            if (at >= Count || items[at].AtMs > nowUnixMs)
            {
                continue;
            }

            due.Add(items[at].Record);
            for (var child = (at * Arity) + Arity; child > at * Arity; child--)
            {
                open.Add(child);
            }
        }
    }

    private void Place(int hole, Item item)
    {
        if (hole > 0 && item.AtMs < items[(hole - 1) / Arity].AtMs)
        {
            SiftUp(hole, item);
        }
        else
        {
            SiftDown(hole, item);
        }
    }

    private void SiftUp(int hole, Item item)
    {
        while (hole > 0)
        {
            var parent = (hole - 1) / Arity;
            if (items[parent].AtMs <= item.AtMs)
            {
                break;
            }

            Put(hole, items[parent]);
            hole = parent;
        }

        Put(hole, item);
    }

    private void SiftDown(int hole, Item item)
    {
        while (true)
        {
            var first = (hole * Arity) + 1;
            var least = -1;
            for (var child = first; child < Math.Min(first + Arity, Count); child++)
            {
                least = least < 0 || items[child].AtMs < items[least].AtMs ? child : least;
            }

            if (least < 0 || items[least].AtMs >= item.AtMs)
            {
                break;
            }

            Put(hole, items[least]);
            hole = least;
        }

        Put(hole, item);
    }

    private void Put(int at, Item item)
    {
        items[at] = item;
        item.Record.HeapPosition = at;
    }

    private readonly record struct Item(long AtMs, KvRecord Record);
}
