using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>First-in first-out queues: values taken that nobody had put there, taken twice, taken before an older one, and a queue found empty that was not.</summary>
internal sealed class QueueContradictions
{
    private readonly IReadOnlyList<Operation> operations;
    private readonly Dictionary<string, List<Operation>> puts;
    private readonly Dictionary<string, List<Operation>> takers;
    private readonly List<Operation> takes;
    private readonly long firstUnknownTake;

    private QueueContradictions(IReadOnlyList<Operation> operations)
    {
        this.operations = operations;
        puts = operations.Where(operation => operation.Op == "enqueue" && operation.Outcome != Outcome.Fail).OrderBy(put => put.Call).GroupBy(put => put.Input[0]!, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
        takes = [.. operations.Where(operation => operation is { Op: "dequeue", Outcome: Outcome.Ok }).OrderBy(take => take.Return)];
        takers = takes.Where(take => take.Output is not null).GroupBy(take => take.Output!, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
        firstUnknownTake = operations.Where(operation => operation is { Op: "dequeue", Outcome: Outcome.Info }).Select(take => take.Call).DefaultIfEmpty(long.MaxValue).Min();
    }

    public static IEnumerable<Contradiction> In(IReadOnlyList<Operation> operations)
    {
        var queue = new QueueContradictions(operations);
        return queue.FromNowhere().Concat(queue.Twice()).Concat(queue.WronglyEmpty()).Concat(queue.OutOfOrder());
    }

    private IEnumerable<Contradiction> FromNowhere()
    {
        foreach (var take in takes.Where(take => take.Output is not null))
        {
            if (!puts.TryGetValue(take.Output!, out var sources))
            {
                var failed = operations.FirstOrDefault(operation => operation is { Op: "enqueue", Outcome: Outcome.Fail } && operation.Input[0] == take.Output && operation.Call < take.Return);
                yield return new Contradiction($"{Words.Told(take)}, {Words.NobodyHad("enqueued", "enqueue", failed)}", failed is null ? [take] : [failed, take]);
            }
            else if (sources[0].Call > take.Return)
            {
                yield return new Contradiction($"{Words.Told(take)}, before {Words.Who(sources[0])} began to enqueue it at {Words.Asked(sources[0])}", [take, sources[0]]);
            }
        }
    }

    private IEnumerable<Contradiction> Twice() => takers
        .Where(same => same.Value.Count > 1 && puts.GetValueOrDefault(same.Key) is [_])
        .Select(same => new Contradiction(
            $"{Words.Who(same.Value[0])} (by {Words.Answered(same.Value[0])}) and {Words.Who(same.Value[1])} (by {Words.Answered(same.Value[1])}) both took {Words.Show(same.Key)}, which was enqueued once",
            [puts[same.Key][0], same.Value[0], same.Value[1]]));

    private IEnumerable<Contradiction> WronglyEmpty()
    {
        foreach (var empty in takes.Where(take => take.Output is null))
        {
            if (PutOnce().FirstOrDefault(put => put.Return < empty.Call && TakenFrom(put) > empty.Return) is { } there)
            {
                var taken = Taker(there);
                yield return new Contradiction(
                    $"{Words.Told(empty)}, after {Words.Who(there)} had enqueued {Words.Show(there.Input[0])} by {Words.Answered(there)}, which {(taken is null ? "nobody had taken by then" : $"{Words.Who(taken)} took, who asked only at {Words.Asked(taken)}")}",
                    taken is null ? [there, empty] : [there, empty, taken]);
            }
        }
    }

    /// <summary>The value put in first must be the first to be taken.</summary>
    private IEnumerable<Contradiction> OutOfOrder()
    {
        // Of those put in so far, the one that is taken last: if any was passed over, it was.
        var older = new PriorityQueue<Operation, long>(PutOnce().Select(put => (put, put.Return)));
        Operation? last = null;
        foreach (var put in puts.Values.Where(same => same.Count == 1).Select(same => same[0]).OrderBy(put => put.Call))
        {
            while (older.TryPeek(out var next, out var over) && over < put.Call)
            {
                last = last is null || TakenFrom(next) > TakenFrom(last) ? next : last;
                older.Dequeue();
            }

            if (last is not null && Taker(put) is { } taker && TakenFrom(last) > taker.Return)
            {
                var taken = Taker(last);
                var passedOver = taken is null ? $"and nobody had taken {Words.Show(last.Input[0])} by then" : $"and {Words.Who(taken)} asked only at {Words.Asked(taken)}, and took {Words.Show(last.Input[0])}";
                yield return new Contradiction(
                    $"{Words.Who(taker)} took {Words.Show(taker.Output)} by {Words.Answered(taker)}, {passedOver}, although {Words.Who(last)} had enqueued {Words.Show(last.Input[0])} by {Words.Answered(last)}, before {Words.Who(put)} began to enqueue {Words.Show(put.Input[0])} at {Words.Asked(put)}",
                    taken is null ? [last, put, taker] : [last, put, taker, taken]);
            }
        }
    }

    private IEnumerable<Operation> PutOnce() => puts.Values.Where(same => same is [{ Outcome: Outcome.Ok }]).Select(same => same[0]);

    private Operation? Taker(Operation put) => takers.GetValueOrDefault(put.Input[0]!)?[0];

    /// <summary>When the value can have been taken at the earliest.</summary>
    private long TakenFrom(Operation put) => Taker(put)?.Call ?? firstUnknownTake;
}
