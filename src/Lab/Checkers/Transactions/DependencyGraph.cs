namespace Cluster.Lab.Checkers.Transactions;

/// <summary>The direct serialization graph of a list-append history: who must come before whom, and why.</summary>
internal sealed class DependencyGraph
{
    private readonly List<Dependency>[] edges;

    private DependencyGraph(int count) => edges = [.. Enumerable.Range(0, count).Select(_ => new List<Dependency>())];

    public int Count => edges.Length;

    public IReadOnlyList<Dependency> From(int transaction) => edges[transaction];

    /// <param name="writers">Who appended a value to a key, by index.</param>
    /// <param name="realTime">Whether a transaction that was over before another began must come before it.</param>
    public static DependencyGraph Of(
        IReadOnlyList<Transaction> transactions, IReadOnlyDictionary<string, VersionOrder> orders, IReadOnlyDictionary<(string Key, string Value), int> writers, bool realTime)
    {
        var graph = new DependencyGraph(transactions.Count);
        foreach (var (key, order) in orders)
        {
            for (var i = 1; i < order.Values.Count; i++)
            {
                graph.Add(writers, (key, order.Values[i - 1]), (key, order.Values[i]), DependencyKind.WriteWrite, $"appended {order.Values[i - 1]} to {key}, to which the next appended {order.Values[i]}");
            }
        }

        for (var reader = 0; reader < transactions.Count; reader++)
        {
            foreach (var read in transactions[reader].Steps.Where(step => step.Seen is not null && transactions[reader].IsCommitted))
            {
                graph.AddRead(reader, read, orders[read.Key], writers);
            }
        }

        if (realTime)
        {
            graph.AddRealTime(transactions);
        }

        return graph;
    }

    private void AddRead(int reader, MicroOperation read, VersionOrder order, IReadOnlyDictionary<(string Key, string Value), int> writers)
    {
        if (read.Seen!.Count > 0 && writers.TryGetValue((read.Key, read.Seen[^1]), out var writer))
        {
            Add(writer, reader, DependencyKind.WriteRead, $"appended {read.Seen[^1]} to {read.Key}, which the next read");
        }

        if (order.BeginsWith(read.Seen) && order.Next(read.Seen.Count) is { } missed && writers.TryGetValue((read.Key, missed), out var next))
        {
            Add(reader, next, DependencyKind.ReadWrite, $"read {read.Key} without {missed}, which the next appended");
        }
    }

    /// <summary>Only from those that are not followed by another one that was over in time too: the rest follows.</summary>
    private void AddRealTime(IReadOnlyList<Transaction> transactions)
    {
        var events = transactions
            .SelectMany((transaction, index) => transaction.IsCommitted
                ? new[] { (At: transaction.Operation.Call, IsReturn: false, Index: index), (At: transaction.Operation.Return, IsReturn: true, Index: index) }
                : [(At: transaction.Operation.Call, IsReturn: false, Index: index)])
            .OrderBy(happened => happened.At)
            .ThenBy(happened => happened.IsReturn);
        var frontier = new List<int>();
        foreach (var (_, isReturn, index) in events)
        {
            if (!isReturn)
            {
                foreach (var before in frontier)
                {
                    Add(before, index, DependencyKind.RealTime, "was over before the next began");
                }

                continue;
            }

            frontier.RemoveAll(before => transactions[before].Operation.Return < transactions[index].Operation.Call);
            frontier.Add(index);
        }
    }

    private void Add(IReadOnlyDictionary<(string Key, string Value), int> writers, (string, string) from, (string, string) to, DependencyKind kind, string because)
    {
        if (writers.TryGetValue(from, out var earlier) && writers.TryGetValue(to, out var later))
        {
            Add(earlier, later, kind, because);
        }
    }

    private void Add(int from, int to, DependencyKind kind, string because)
    {
        if (from != to)
        {
            edges[from].Add(new Dependency(to, kind, because));
        }
    }
}
