using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>Lists alone: two answers of which neither begins with the other, a value that stands twice, and an order against the times of the appends.</summary>
internal static class ListContradictions
{
    public static IEnumerable<Contradiction> In(CollectionHistory list) => Twice(list).Concat(Disagreement(list)).Concat(AgainstTime(list));

    private static IEnumerable<Contradiction> Twice(CollectionHistory list)
    {
        foreach (var (read, values, _) in list.Reads)
        {
            if (values.CountBy(value => value, StringComparer.Ordinal).FirstOrDefault(value => value.Value > list.Puts.GetValueOrDefault(value.Key, []).Count) is { Key: { } twice } count && list.Puts.TryGetValue(twice, out var puts))
            {
                yield return new Contradiction($"{Words.Who(read)} found {Words.Show(twice)} {Times(count.Value)} in the list at {Words.Asked(read)}, and it was appended {Times(puts.Count)}", [.. puts, read]);
            }
        }
    }

    /// <summary>By length, neighbours tell.</summary>
    private static IEnumerable<Contradiction> Disagreement(CollectionHistory list)
    {
        CollectionRead? last = null;
        foreach (var longer in list.Reads.OrderBy(read => read.Values.Count))
        {
            if (last is { } shorter && Enumerable.Range(0, shorter.Values.Count).FirstOrDefault(at => shorter.Values[at] != longer.Values[at], -1) is >= 0 and var place)
            {
                yield return new Contradiction(
                    $"{Words.Who(shorter.Read)} found {Words.Show(shorter.Values[place])} (by {Words.Answered(shorter.Read)}) in the place of the list where {Words.Who(longer.Read)} found {Words.Show(longer.Values[place])} (by {Words.Answered(longer.Read)}): "
                    + "what stands in a list that only grows never changes",
                    [shorter.Read, longer.Read]);
            }

            last = longer;
        }
    }

    /// <summary>In the longest answer, from its end: a value whose append began after one behind it was over.</summary>
    private static IEnumerable<Contradiction> AgainstTime(CollectionHistory list)
    {
        if (list.Reads.MaxBy(read => read.Values.Count) is not var (read, values, _))
        {
            yield break;
        }

        Operation? firstOver = null;
        for (var at = values.Count - 1; at >= 0; at--)
        {
            if (list.Puts.GetValueOrDefault(values[at]) is not [var append])
            {
                continue;
            }

            if (firstOver is not null && firstOver.Return < append.Call)
            {
                yield return new Contradiction(
                    $"{Words.Who(read)} found {Words.Show(values[at])} before {Words.Show(firstOver.Input[0])} in the list at {Words.Asked(read)}, although {Words.Who(append)} began to append {Words.Show(values[at])} at {Words.Asked(append)}, "
                    + $"when {Words.Who(firstOver)} had appended {Words.Show(firstOver.Input[0])} (by {Words.Answered(firstOver)})",
                    [firstOver, append, read]);
            }

            firstOver = append.Outcome == Outcome.Ok && (firstOver is null || append.Return < firstOver.Return) ? append : firstOver;
        }
    }

    private static string Times(int count) => count switch { 1 => "once", 2 => "twice", _ => $"{count} times" };
}
