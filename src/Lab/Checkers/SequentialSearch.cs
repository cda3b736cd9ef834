using System.Runtime.InteropServices;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// The search for an order that keeps each process's own. A configuration is how far each process has come and what stands in each key; one that has failed is not tried again. A read that
/// can be answered now is placed at once: it changes nothing, so an order in which it comes later stands with it here, too. Writes are tried in the order of their calls, which finds the order of
/// a linearizable history at once.
/// </summary>
internal sealed class SequentialSearch
{
    private const int StepsBetweenClockReads = 1024;

    /// <summary>Of a configuration, whatever its size; those of the bound are about 100 bytes each.</summary>
    private const int BytesPerConfiguration = 80;

    private const int BytesOfBound = 100;

    private readonly IModel model;
    private readonly Operation[][] lanes;
    private readonly int[][] keyOf;
    private readonly int[] position;
    private readonly string?[] state;
    private readonly TimeProvider time;
    private readonly long deadline;
    private readonly long maxConfigurations;
    private readonly HashSet<Configuration> failed = [];
    private readonly Stack<(int Lane, string? Before)> order = new();
    private readonly Stack<Choice> choices = new();
    private int left;

    public SequentialSearch(IModel model, IReadOnlyList<Operation> operations, CheckLimits limits, TimeProvider time, long deadline)
    {
        (this.model, this.time, this.deadline) = (model, time, deadline);
        lanes = [.. operations.GroupBy(operation => operation.Process).OrderBy(lane => lane.Key).Select(lane => lane.OrderBy(operation => operation.Call).ToArray())];
        var keys = operations.Select(operation => operation.Key).Distinct(StringComparer.Ordinal).Index().ToDictionary(key => key.Item, key => key.Index, StringComparer.Ordinal);
        keyOf = [.. lanes.Select(lane => lane.Select(operation => keys[operation.Key]).ToArray())];
        position = new int[lanes.Length];
        state = new string?[keys.Count];
        left = operations.Count(operation => operation.Outcome == Outcome.Ok);
        maxConfigurations = (long)limits.MaxConfigurations * BytesOfBound / (BytesPerConfiguration + (sizeof(int) * lanes.Length) + (IntPtr.Size * keys.Count));
    }

    public int Processes => lanes.Length;

    public int Keys => state.Length;

    /// <summary>Operations of the longest order that was found.</summary>
    public int Longest { get; private set; } = -1;

    /// <summary>What each process had next after the longest order, as far as it was answered.</summary>
    public IReadOnlyList<Operation> Stuck { get; private set; } = [];

    public Verdict Run()
    {
        var steps = 0;
        Open(0);
        while (left > 0)
        {
            if (++steps % StepsBetweenClockReads == 0 && (time.GetTimestamp() > deadline || failed.Count > maxConfigurations))
            {
                return Verdict.Unknown;
            }

            var choice = choices.Peek();
            if (choice.Tried < choice.Lanes.Length)
            {
                var depth = order.Count;
                if (TryPlace(choice.Lanes[choice.Tried++]))
                {
                    Open(depth);
                }

                continue;
            }

            choices.Pop();
            TakeBack(choice.Depth);
            if (choices.Count == 0)
            {
                return Verdict.Violated;
            }
        }

        return Verdict.Holds;
    }

    /// <summary>Places what can be placed without a choice, and lists what there is to choose from; nothing where this configuration has failed before.</summary>
    /// <param name="depth">Length of the order before what led here.</param>
    private void Open(int depth)
    {
        for (var placed = true; placed;)
        {
            placed = false;
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                while (position[lane] < lanes[lane].Length && OnlyReads(lanes[lane][position[lane]]) && TryPlace(lane))
                {
                    placed = true;
                }
            }
        }

        Note();
        var isNew = failed.Add(new Configuration([.. position], [.. state]));
        choices.Push(new Choice(depth, isNew ? [.. Choosable()] : []));
    }

    private IEnumerable<int> Choosable() => Enumerable.Range(0, lanes.Length)
        .Where(lane => position[lane] < lanes[lane].Length && !OnlyReads(lanes[lane][position[lane]]))
        .OrderBy(lane => lanes[lane][position[lane]].Outcome == Outcome.Info)
        .ThenBy(lane => lanes[lane][position[lane]].Call);

    private static bool OnlyReads(Operation operation) => operation.Outcome == Outcome.Ok && (operation.IsRead || operation is { Op: "cas", Output: "false" });

    private bool TryPlace(int lane)
    {
        var operation = lanes[lane][position[lane]];
        var key = keyOf[lane][position[lane]];
        if (!model.Step(state[key], operation, out var next) || (operation.Outcome == Outcome.Info && next == state[key]))
        {
            return false;
        }

        order.Push((lane, state[key]));
        state[key] = next;
        position[lane]++;
        left -= operation.Outcome == Outcome.Ok ? 1 : 0;
        return true;
    }

    private void TakeBack(int depth)
    {
        while (order.Count > depth)
        {
            var (lane, before) = order.Pop();
            position[lane]--;
            state[keyOf[lane][position[lane]]] = before;
            left += lanes[lane][position[lane]].Outcome == Outcome.Ok ? 1 : 0;
        }
    }

    private void Note()
    {
        if (order.Count > Longest)
        {
            Longest = order.Count;
            Stuck = [.. lanes.Index().Where(lane => position[lane.Index] < lane.Item.Length).Select(lane => lane.Item[position[lane.Index]]).Where(operation => operation.Outcome == Outcome.Ok)];
        }
    }

    private sealed class Choice(int depth, int[] lanes)
    {
        public int Depth => depth;

        public int[] Lanes => lanes;

        public int Tried { get; set; }
    }

    private readonly struct Configuration(int[] position, string?[] state) : IEquatable<Configuration>
    {
        private readonly int[] position = position;
        private readonly string?[] state = state;

        public bool Equals(Configuration other) => position.AsSpan().SequenceEqual(other.position) && state.AsSpan().SequenceEqual(other.state);

        public override bool Equals(object? obj) => obj is Configuration other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(position.AsSpan()));
            foreach (var value in state)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
