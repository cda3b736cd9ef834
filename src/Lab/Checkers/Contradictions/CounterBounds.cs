using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>
/// What a counter that is only counted up can stand at, seen from an earlier answer: at least that and every increment that was called and acknowledged in between, at most
/// that and every one that had begun and was not acknowledged before the earlier answer was asked for.
/// </summary>
/// <param name="increments">All that may have happened, by their calls.</param>
/// <param name="certain">Those acknowledged, by their calls.</param>
internal sealed class CounterBounds(List<Operation> increments, List<Operation> certain, RunningCount begun, RunningCount ended)
{
    /// <param name="size">How many increments show it.</param>
    public bool IsBroken(CounterAnswer from, CounterAnswer to, out int size)
    {
        var (between, least) = Least(from, to);
        var (possible, most) = Most(from, to);
        size = to.Before < from.After + least ? between : possible;
        return to.Before < from.After + least || to.Before > from.After + most;
    }

    public Contradiction Tell(CounterAnswer from, CounterAnswer to)
    {
        var (between, least) = Least(from, to);
        var (possible, most) = Most(from, to);
        var tooFew = to.Before < from.After + least;
        var bound = Number(from.After + (tooFew ? least : most) + (to.After - to.Before));
        var isFirst = from == CounterAnswer.Beginning;
        var before = isFirst ? "" : $"{Words.Who(from.Operation)} had {(from.Operation.IsRead ? "read" : "counted to")} {Number(from.After)} by {Words.Answered(from.Operation)}";
        var sentence = (tooFew, isFirst) switch
        {
            (true, true) => $"though {Increments(between, least)} had been acknowledged before it was asked: at least {bound}",
            (true, false) when between == 0 => $"although {before}",
            (true, false) => $"though {before} and {Increments(between, least)} {(between == 1 ? "was" : "were")} acknowledged in between: at least {bound}",
            (false, true) when possible == 0 => "though nobody had counted by then",
            (false, true) => $"though no more than {Increments(possible, most)} can have happened by then: at most {bound}",
            (false, false) when possible == 0 => $"though {before} and nobody counted in between",
            (false, false) => $"though {before} and no more than {Increments(possible, most)} can have happened in between: at most {bound}",
        };
        var at = tooFew ? Words.Asked(to.Operation) : Words.Answered(to.Operation); // The instant up to which the increments count.
        var told = $"{Words.Who(to.Operation)} {(to.Operation.IsRead ? "read" : "counted to")} {to.Operation.Output ?? "nothing"} at {at}";
        var shown = tooFew ? certain.Where(increment => IsBetween(increment, from, to)) : increments.Where(increment => MayBeBetween(increment, from, to));
        return new Contradiction($"{told}, {sentence}", [.. (isFirst ? [] : new[] { from.Operation }).Concat(shown).Append(to.Operation)]);
    }

    private (int Count, decimal Sum) Least(CounterAnswer from, CounterAnswer to)
    {
        if (from == CounterAnswer.Beginning)
        {
            return ended.Before(to.Operation.Call);
        }

        var sum = (Count: 0, Sum: 0m);
        for (var i = FirstCalledAfter(from.Operation.Return); i < certain.Count && certain[i].Call < to.Operation.Call; i++)
        {
            sum = IsBetween(certain[i], from, to) ? (sum.Count + 1, sum.Sum + KeyValueModel.Delta(certain[i])) : sum;
        }

        return sum;
    }

    private (int Count, decimal Sum) Most(CounterAnswer from, CounterAnswer to)
    {
        // Its own increment, and that of the earlier answer, are in the numbers already.
        var own = new[] { from, to }.Where(answer => answer.Operation.Op == "incr").ToList();
        var (begunBy, endedBefore) = (begun.Before(to.Operation.Return + 1), ended.Before(from.Operation.Call));
        return (begunBy.Count - endedBefore.Count - own.Count, begunBy.Sum - endedBefore.Sum - own.Sum(answer => answer.After - answer.Before));
    }

    private static bool IsBetween(Operation increment, CounterAnswer from, CounterAnswer to) => increment.Call > from.Operation.Return && increment.Return < to.Operation.Call;

    private static bool MayBeBetween(Operation increment, CounterAnswer from, CounterAnswer to) => increment != from.Operation && increment != to.Operation
        && increment.Call <= to.Operation.Return && !(increment.Outcome == Outcome.Ok && increment.Return < from.Operation.Call);

    private int FirstCalledAfter(long time)
    {
        int low = 0, high = certain.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = certain[middle].Call <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static string Increments(int count, decimal sum) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} increment{(count == 1 ? "" : "s")}") + (sum == count ? "" : $" by {Number(sum)} in all");

    private static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
