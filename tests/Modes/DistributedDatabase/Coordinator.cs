using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>A coordinator with its messages under way: those to one range keep their order, all others may overtake each other.</summary>
internal sealed class Coordinator(TransactionRequest request, TransactionCore core, int begun)
{
    private readonly SortedDictionary<int, Queue<TransactionEffect>> lanes = [];
    private int nextLane = 1_000;

    public TransactionRequest Request => request;

    public TransactionCore Core => core;

    public bool IsAlive { get; private set; } = true;

    /// <summary>What its client was told.</summary>
    public TransactionAnswer? Told { get; set; }

    /// <summary>Of the world's messages, the one at which it dies.</summary>
    public int? DiesAt { get; set; }

    /// <summary>Whether that message does not arrive; else it does, and its answer is not heard.</summary>
    public bool DiesUnheard { get; set; }

    /// <summary>Messages of the world before it began.</summary>
    public int Begun => begun;

    public bool HasWork => lanes.Count > 0;

    public void Add(TransactionEffect effect)
    {
        var lane = effect is CallRange call ? call.Range : nextLane++;
        if (!lanes.TryGetValue(lane, out var queue))
        {
            lanes.Add(lane, queue = new Queue<TransactionEffect>());
        }

        queue.Enqueue(effect);
    }

    /// <summary>Ticks are given in the order in which they were asked for; everything else in any.</summary>
    public TransactionEffect Next(Random random)
    {
        var lane = lanes.Keys.ElementAt(random.Next(lanes.Count));
        lane = lanes[lane].Peek() is AskTick ? lanes.First(one => one.Value.Peek() is AskTick).Key : lane;
        var effect = lanes[lane].Dequeue();
        if (lanes[lane].Count == 0)
        {
            lanes.Remove(lane);
        }

        return effect;
    }

    public void Kill()
    {
        IsAlive = false;
        lanes.Clear();
    }
}
