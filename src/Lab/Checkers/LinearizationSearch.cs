using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// The search for an order of one key's operations. Calls and returns stand in one list by time; an operation may be placed next while no
/// return stands before its call. Placing lifts both from the list; reaching the return of an operation that is not placed means to step
/// back. Configurations (which are placed, and the state) that have failed once are not tried again.
/// </summary>
internal sealed class LinearizationSearch
{
    private const int StepsBetweenClockReads = 4096;

    private readonly IModel model;
    private readonly Operation[] operations;
    private readonly int required;
    private readonly int[] twin;
    private readonly Event head = new(-1, false);
    private readonly PlacedSet placed;
    private readonly int maxConfigurations;
    private readonly TimeProvider time;
    private readonly long deadline;
    private readonly Stack<(Event Call, string? Before)> order = new();

    private int deepest = -1;

    /// <param name="history">Operations of one key: ok, or of unknown outcome.</param>
    public LinearizationSearch(IModel model, IReadOnlyList<Operation> history, int maxConfigurations, TimeProvider time, long deadline)
    {
        this.model = model;
        this.maxConfigurations = maxConfigurations;
        this.time = time;
        this.deadline = deadline;

        // Those with an answer first: they fill up from the left, which keeps what is remembered of a configuration short.
        operations = [.. history.OrderBy(operation => operation.Outcome == Outcome.Info).ThenBy(operation => operation.Call)];
        required = operations.Count(operation => operation.Outcome == Outcome.Ok);
        placed = new PlacedSet(required, operations.Length);
        twin = Twins();
        Link();
    }

    public Verdict Run()
    {
        string? state = null;
        var left = required;
        var steps = 0;
        var entry = head.Next;
        while (left > 0)
        {
            if (++steps % StepsBetweenClockReads == 0 && (time.GetTimestamp() > deadline || placed.Remembered > maxConfigurations))
            {
                return Verdict.Unknown;
            }

            if (entry!.Return is not null || entry.IsOpen)
            {
                if (CanPlace(entry.Index, state, out var next) && placed.TryPlace(entry.Index, next))
                {
                    order.Push((entry, state));
                    state = next;
                    left -= entry.IsOpen ? 0 : 1;
                    entry.Lift();
                    entry = head.Next;
                }
                else
                {
                    entry = entry.Next;
                }

                continue;
            }

            Note(entry.Index);
            if (!order.TryPop(out var last))
            {
                return Verdict.Violated;
            }

            placed.TakeBack(last.Call.Index);
            state = last.Before;
            left += last.Call.IsOpen ? 0 : 1;
            last.Call.Unlift();
            entry = last.Call.Next;
        }

        return Verdict.Holds;
    }

    /// <summary>After a violation: when the longest order met an answer that it could not explain. By then the contradiction is in the history.</summary>
    public long ContradictionAt { get; private set; }

    private bool CanPlace(int index, string? state, out string? next)
    {
        next = state;
        var operation = operations[index];
        if (operation.Outcome == Outcome.Info)
        {
            // Of several equal operations without a return any order is as good as any other: take them as they were called. One that changes nothing is not needed.
            return (twin[index] < 0 || placed.Contains(twin[index])) && model.Step(state, operation, out next) && next != state;
        }

        return model.Step(state, operation, out next);
    }

    private void Note(int index)
    {
        if (order.Count <= deepest)
        {
            return;
        }

        deepest = order.Count;
        ContradictionAt = operations[index].Return;
    }

    private int[] Twins()
    {
        var twins = new int[operations.Length];
        Array.Fill(twins, -1);
        var last = new Dictionary<string, int>();
        for (var i = required; i < operations.Length; i++)
        {
            var kind = operations[i].Op + "\0" + string.Join('\0', operations[i].Input);
            twins[i] = last.GetValueOrDefault(kind, -1);
            last[kind] = i;
        }

        return twins;
    }

    private void Link()
    {
        var events = new List<(long At, int Rank, Event Event)>(operations.Length * 2);
        for (var i = 0; i < operations.Length; i++)
        {
            var open = operations[i].Outcome == Outcome.Info;
            var call = new Event(i, open);
            // At one instant calls come first: only a return strictly before a call orders the two.
            events.Add((operations[i].Call, 0, call));
            if (!open)
            {
                call.Return = new Event(i, false);
                events.Add((operations[i].Return, 1, call.Return));
            }
        }

        events.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank) : a.Event.Index.CompareTo(b.Event.Index));
        var last = head;
        foreach (var (_, _, item) in events)
        {
            last.Next = item;
            item.Previous = last;
            last = item;
        }
    }

    /// <summary>A call or a return in the doubly linked list. A call knows its return, unless it never came.</summary>
    private sealed class Event(int index, bool isOpen)
    {
        public int Index => index;

        public bool IsOpen => isOpen;

        public Event? Return { get; set; }

        public Event? Previous { get; set; }

        public Event? Next { get; set; }

        public void Lift()
        {
            Unlink();
            Return?.Unlink();
        }

        /// <summary>Undoes <see cref="Lift"/>; the neighbours are remembered by what was lifted, so this must go in reverse order (Knuth's dancing links).</summary>
        public void Unlift()
        {
            Return?.Relink();
            Relink();
        }

        private void Unlink()
        {
            Previous!.Next = Next;
            if (Next is not null)
            {
                Next.Previous = Previous;
            }
        }

        private void Relink()
        {
            Previous!.Next = this;
            if (Next is not null)
            {
                Next.Previous = this;
            }
        }
    }
}
