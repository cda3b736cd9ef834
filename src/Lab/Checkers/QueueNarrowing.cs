using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// What the dequeues of a whole history tell of a first-in first-out queue of unique values, used while an order is searched: without it, which of two enqueues at one time came
/// first would be found out only dozens of operations later, and the search would not end. It leaves no order out that could explain the history.
/// </summary>
/// <remarks>
/// An enqueue of unknown outcome whose value nobody got is left out: an order that has it stands without it and without the dequeue that took it. An enqueue behind a value that was
/// certainly dequeued later cannot be next. A dequeue of unknown outcome can only have taken a value that no other one got.
/// </remarks>
internal sealed class QueueNarrowing : IModel
{
    private readonly Dictionary<string, Operation> takers;
    private readonly long firstUnknownTaker;

    private QueueNarrowing(Dictionary<string, Operation> takers, long firstUnknownTaker) => (this.takers, this.firstUnknownTaker) = (takers, firstUnknownTaker);

    public string Name => CollectionModel.Queue.Name;

    /// <summary>The model that knows, and the operations that are left; both as they are where a value was put or taken twice.</summary>
    /// <param name="operations">Of one key: ok, or of unknown outcome.</param>
    public static (IModel Model, IReadOnlyList<Operation> Operations) Of(IReadOnlyList<Operation> operations)
    {
        var takers = new Dictionary<string, Operation>(StringComparer.Ordinal);
        var put = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            if (operation.Op == "enqueue" ? !put.Add(operation.Input[0]!) : operation is { Outcome: Outcome.Ok, Output: { } taken } && !takers.TryAdd(taken, operation))
            {
                return (CollectionModel.Queue, operations);
            }
        }

        var someoneMissing = operations.Any(operation => operation is { Op: "enqueue", Outcome: Outcome.Ok } && !takers.ContainsKey(operation.Input[0]!));
        var left = operations.Where(operation => operation.Outcome == Outcome.Ok || (operation.Op == "enqueue" ? takers.ContainsKey(operation.Input[0]!) : someoneMissing)).ToList();
        var unknown = left.Where(operation => operation is { Op: "dequeue", Outcome: Outcome.Info }).Select(operation => operation.Call).DefaultIfEmpty(long.MaxValue).Min();
        return (new QueueNarrowing(takers, unknown), left);
    }

    public bool Knows(string op) => CollectionModel.Queue.Knows(op);

    public bool IsComplete(Operation operation) => CollectionModel.Queue.IsComplete(operation);

    public bool Step(string? state, Operation operation, out string? next)
    {
        if (!CollectionModel.Queue.Step(state, operation, out next))
        {
            return false;
        }

        return operation.Op == "enqueue" ? CanStandBehind(state, operation.Input[0]!)
            : operation.Outcome == Outcome.Ok || state is null || !takers.ContainsKey(CollectionModel.Split(state)[0]);
    }

    /// <summary>Everything before it must have been taken before it was.</summary>
    private bool CanStandBehind(string? state, string value)
    {
        if (!takers.TryGetValue(value, out var taker))
        {
            return true;
        }

        foreach (var before in CollectionModel.Split(state))
        {
            if (taker.Return < (takers.TryGetValue(before, out var other) ? other.Call : firstUnknownTaker))
            {
                return false;
            }
        }

        return true;
    }
}
