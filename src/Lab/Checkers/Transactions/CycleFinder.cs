namespace Cluster.Lab.Checkers.Transactions;

/// <summary>Finds shortest cycles of a kind in a dependency graph: within strongly connected components (Tarjan 1972), by breadth-first search.</summary>
internal sealed class CycleFinder(DependencyGraph graph)
{
    /// <summary>A badly broken history has more cycles than anybody reads: so many edges are tried as the beginning of one, for a short one.</summary>
    private const int MaxTried = 256;

    /// <summary>A cycle of edges of the allowed kinds alone; null if there is none.</summary>
    public IReadOnlyList<(int From, Dependency Edge)>? Any(Func<DependencyKind, bool> allowed) => Shortest(InComponents(allowed), allowed);

    /// <summary>A cycle with exactly one edge of kind <paramref name="single"/>, the rest allowed ones.</summary>
    public IReadOnlyList<(int From, Dependency Edge)>? WithOne(DependencyKind single, Func<DependencyKind, bool> rest) =>
        Shortest(InComponents(kind => kind == single || rest(kind)).Where(edge => edge.Edge.Kind == single), rest);

    private List<(int From, Dependency Edge)>? Shortest(IEnumerable<(int From, Dependency Edge)> beginnings, Func<DependencyKind, bool> rest)
    {
        List<(int From, Dependency Edge)>? best = null;
        var tried = 0;
        foreach (var (from, edge) in beginnings)
        {
            if (Path(edge.To, from, rest) is { } back && (best is null || back.Count + 1 < best.Count))
            {
                best = [(from, edge), .. back];
            }

            if (best is not null && (best.Count == 2 || ++tried > MaxTried))
            {
                break;
            }
        }

        return best;
    }

    /// <summary>Edges within a strongly connected component: each is part of a cycle.</summary>
    private IEnumerable<(int From, Dependency Edge)> InComponents(Func<DependencyKind, bool> allowed)
    {
        var component = Components(allowed);
        for (var from = 0; from < graph.Count; from++)
        {
            foreach (var edge in graph.From(from))
            {
                if (allowed(edge.Kind) && component[from] == component[edge.To])
                {
                    yield return (from, edge);
                }
            }
        }
    }

    private List<(int From, Dependency Edge)>? Path(int from, int to, Func<DependencyKind, bool> allowed)
    {
        var reached = new Dictionary<int, (int From, Dependency Edge)>();
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out var at))
        {
            if (at == to)
            {
                var path = new List<(int From, Dependency Edge)>();
                for (var step = to; step != from; step = reached[step].From)
                {
                    path.Add(reached[step]);
                }

                path.Reverse();
                return path;
            }

            foreach (var edge in graph.From(at))
            {
                if (allowed(edge.Kind) && edge.To != from && reached.TryAdd(edge.To, (at, edge)))
                {
                    queue.Enqueue(edge.To);
                }
            }
        }

        return null;
    }

    /// <summary>The component of each transaction. Without recursion: a history may have a chain of any length.</summary>
    private int[] Components(Func<DependencyKind, bool> allowed)
    {
        var component = new int[graph.Count];
        var low = new int[graph.Count];
        var number = new int[graph.Count];
        var onStack = new bool[graph.Count];
        var stack = new Stack<int>();
        var work = new Stack<(int At, int Edge)>();
        int counter = 0, components = 0;
        for (var root = 0; root < graph.Count; root++)
        {
            if (number[root] == 0)
            {
                work.Push((root, 0));
            }

            while (work.TryPop(out var frame))
            {
                var (at, next) = frame;
                if (next == 0)
                {
                    number[at] = low[at] = ++counter;
                    stack.Push(at);
                    onStack[at] = true;
                }
                else if (graph.From(at)[next - 1].To is var returned && allowed(graph.From(at)[next - 1].Kind) && onStack[returned])
                {
                    low[at] = Math.Min(low[at], low[returned]);
                }

                var descended = false;
                for (var i = next; i < graph.From(at).Count; i++)
                {
                    var edge = graph.From(at)[i];
                    if (!allowed(edge.Kind))
                    {
                        continue;
                    }

                    if (number[edge.To] == 0)
                    {
                        work.Push((at, i + 1));
                        work.Push((edge.To, 0));
                        descended = true;
                        break;
                    }

                    if (onStack[edge.To])
                    {
                        low[at] = Math.Min(low[at], number[edge.To]);
                    }
                }

                if (descended || low[at] != number[at])
                {
                    continue;
                }

                components++;
                int member;
                do
                {
                    member = stack.Pop();
                    onStack[member] = false;
                    component[member] = components;
                }
                while (member != at);
            }
        }

        return component;
    }
}
