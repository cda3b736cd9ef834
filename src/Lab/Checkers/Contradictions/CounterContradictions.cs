using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>
/// A key that is only counted up: an answer that is more or less than what can have been counted since another answer, or since the beginning. Each increment that the sentence counts is
/// in the piece. Says nothing of keys that are written or counted down, too.
/// </summary>
internal sealed class CounterContradictions
{
    /// <summary>Answers before one that are compared with it: the nearest ones leave the fewest increments in between.</summary>
    private const int MaxCompared = 16;

    private readonly List<Operation> increments;
    private readonly List<Operation> certain;
    private readonly List<CounterAnswer> answers;
    private readonly RunningCount begun;
    private readonly RunningCount ended;

    private CounterContradictions(IReadOnlyList<Operation> operations)
    {
        increments = [.. operations.Where(operation => operation.Op == "incr" && operation.Outcome != Outcome.Fail).OrderBy(operation => operation.Call)];
        certain = increments.FindAll(increment => increment.Outcome == Outcome.Ok);
        answers = [.. operations.Select(CounterAnswer.TryRead).OfType<CounterAnswer>().OrderBy(answer => answer.Operation.Return)];
        begun = new RunningCount(increments, increment => increment.Call);
        ended = new RunningCount(certain, increment => increment.Return);
    }

    public static IEnumerable<Contradiction> In(IReadOnlyList<Operation> operations)
    {
        if (operations.Any(operation => operation.Op is not ("read" or "incr") || (operation.Op == "incr" && KeyValueModel.Delta(operation) <= 0)))
        {
            return [];
        }

        var counter = new CounterContradictions(operations);
        return NoNumbers(operations).Concat(counter.SameNumberTwice()).Concat(counter.OutOfBounds());
    }

    private static IEnumerable<Contradiction> NoNumbers(IReadOnlyList<Operation> operations) => operations
        .Where(operation => operation is { Op: "read", Outcome: Outcome.Ok } && CounterAnswer.TryRead(operation) is null)
        .Select(read => new Contradiction($"{Words.Told(read)}, and a counter holds a number", [read]));

    private IEnumerable<Contradiction> SameNumberTwice() => answers
        .Where(answer => answer.Operation.Op == "incr")
        .GroupBy(answer => answer.After)
        .Where(same => same.Count() > 1)
        .Select(same => same.Take(2).Select(answer => answer.Operation).ToList())
        .Select(two => new Contradiction($"{Words.Who(two[0])} (by {Words.Answered(two[0])}) and {Words.Who(two[1])} (by {Words.Answered(two[1])}) both counted to {two[0].Output}: one of the two counts is lost", two));

    /// <summary>For each answer the comparison that takes the fewest increments to show.</summary>
    private IEnumerable<Contradiction> OutOfBounds()
    {
        var bounds = new CounterBounds(increments, certain, begun, ended);
        foreach (var answer in answers)
        {
            (CounterAnswer? From, int Size) best = (null, int.MaxValue);
            foreach (var earlier in Before(answer).Append(CounterAnswer.Beginning))
            {
                if (bounds.IsBroken(earlier, answer, out var size) && size < best.Size)
                {
                    best = (earlier, size);
                }
            }

            if (best.From is not null)
            {
                yield return bounds.Tell(best.From, answer);
            }
        }
    }

    /// <summary>The last answers that came before this one was asked for, the nearest first.</summary>
    private IEnumerable<CounterAnswer> Before(CounterAnswer answer)
    {
        int low = 0, high = answers.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = answers[middle].Operation.Return < answer.Operation.Call ? (middle + 1, high) : (low, middle);
        }

        for (var at = low - 1; at >= Math.Max(0, low - MaxCompared); at--)
        {
            yield return answers[at];
        }
    }
}
