using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Replicated;

/// <summary>
/// Which writes followed which (Lamport 1978, happened before), as far as clients could see it. A client's write follows what it has written and read before. A write at a node follows those that the node had acknowledged
/// before, and those that it had shown to a reader: it had them. Clients must hand on what they know from node to node.
/// </summary>
internal sealed class CausalOrder
{
    private readonly IReadOnlyList<Operation> operations;
    private readonly int[] nextOfProcess;
    private readonly int[] previousOfProcess;
    private readonly int[] writerOf;
    private readonly List<int>[] readersOf;

    /// <summary>Writes at each node by their calls, and what a node had told, by its return.</summary>
    private readonly Dictionary<string, (List<int> Writes, List<int> Told)> nodes = new(StringComparer.Ordinal);

    /// <param name="operations">Reads that were answered, and writes that may have happened; a value is written to a key once.</param>
    public CausalOrder(IReadOnlyList<Operation> operations)
    {
        this.operations = operations;
        nextOfProcess = new int[operations.Count];
        previousOfProcess = new int[operations.Count];
        writerOf = new int[operations.Count];
        readersOf = new List<int>[operations.Count];
        Array.Fill(nextOfProcess, -1);
        Array.Fill(previousOfProcess, -1);
        Array.Fill(writerOf, -1);
        var writes = Enumerable.Range(0, operations.Count).Where(at => !operations[at].IsRead).ToDictionary(at => (operations[at].Key, operations[at].Input[0]));
        var lastOf = new Dictionary<int, int>();
        foreach (var at in Enumerable.Range(0, operations.Count).OrderBy(at => operations[at].Call))
        {
            var operation = operations[at];
            readersOf[at] = [];
            if (lastOf.TryGetValue(operation.Process, out var last) && operations[last].Outcome == Outcome.Ok)
            {
                (nextOfProcess[last], previousOfProcess[at]) = (at, last);
            }

            lastOf[operation.Process] = at;
        }

        for (var at = 0; at < operations.Count; at++)
        {
            if (operations[at] is { IsRead: true, Output: { } value } read && writes.TryGetValue((read.Key, value), out var writer))
            {
                writerOf[at] = writer;
                readersOf[writer].Add(at);
            }
        }

        foreach (var node in Enumerable.Range(0, operations.Count).Where(at => operations[at].Node is not null).GroupBy(at => operations[at].Node!, StringComparer.Ordinal))
        {
            nodes.Add(node.Key, (
                [.. node.Where(at => !operations[at].IsRead).OrderByDescending(at => operations[at].Call)],
                [.. node.Where(at => operations[at].Outcome == Outcome.Ok).OrderBy(at => operations[at].Return)]));
        }
    }

    /// <summary>Who wrote what this read saw; -1 for nobody.</summary>
    public int WriterOf(int read) => writerOf[read];

    public IReadOnlyList<int> ReadersOf(int write) => readersOf[write];

    /// <summary>What followed that write: true at each operation that did.</summary>
    public bool[] After(int write)
    {
        var reached = new bool[operations.Count];
        var open = new Stack<int>();
        var done = new Dictionary<string, int>(StringComparer.Ordinal);
        open.Push(write);
        while (open.TryPop(out var at))
        {
            var operation = operations[at];
            if (!operation.IsRead)
            {
                foreach (var reader in readersOf[at])
                {
                    reached[reader] = true;
                    open.Push(reader);
                }
            }

            if (operation.Outcome != Outcome.Ok)
            {
                continue;
            }

            Reach(nextOfProcess[at]);
            if (operation.Node is { } node && (!operation.IsRead || IsReached(writerOf[at])))
            {
                // The latest calls stand first: whatever was called after this return follows it.
                var later = nodes[node].Writes;
                var next = done.GetValueOrDefault(node);
                for (; next < later.Count && operations[later[next]].Call > operation.Return; next++)
                {
                    Reach(later[next]);
                }

                done[node] = next;
            }
        }

        reached[write] = false;
        return reached;

        bool IsReached(int writer) => writer == write || (writer >= 0 && reached[writer]);

        void Reach(int next)
        {
            if (next >= 0 && next != write && !reached[next])
            {
                reached[next] = true;
                open.Push(next);
            }
        }
    }

    /// <summary>What that write followed: true at each operation that it did.</summary>
    public bool[] Before(int write)
    {
        var reached = new bool[operations.Count];
        var open = new Stack<int>();
        var done = new Dictionary<string, int>(StringComparer.Ordinal);
        open.Push(write);
        while (open.TryPop(out var at))
        {
            Reach(previousOfProcess[at]);
            Reach(writerOf[at]);
            if (operations[at] is { IsRead: false, Node: { } node } late)
            {
                var told = nodes[node].Told;
                var next = done.GetValueOrDefault(node);
                for (; next < told.Count && operations[told[next]].Return < late.Call; next++)
                {
                    // What a node showed it had; what its reader knew besides it had not.
                    Reach(operations[told[next]].IsRead ? writerOf[told[next]] : told[next]);
                }

                done[node] = next;
            }
        }

        reached[write] = false;
        return reached;

        void Reach(int earlier)
        {
            if (earlier >= 0 && earlier != write && !reached[earlier])
            {
                reached[earlier] = true;
                open.Push(earlier);
            }
        }
    }
}
