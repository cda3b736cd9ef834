using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>Sets alone: values that are back although they had been removed, and two readers who disagree about which of two values was added first.</summary>
internal static class SetContradictions
{
    public static IEnumerable<Contradiction> In(CollectionHistory set) => Removed(set).Concat(Disagreement(set));

    private static IEnumerable<Contradiction> Removed(CollectionHistory set)
    {
        foreach (var (read, _, values) in set.Reads)
        {
            foreach (var value in values.Where(set.Removes.ContainsKey))
            {
                var puts = set.Puts.GetValueOrDefault(value, []).FindAll(put => put.Call <= read.Return);
                var gone = set.Removes[value].Find(remove => remove.Outcome == Outcome.Ok && remove.Return < read.Call && puts.TrueForAll(put => put.Outcome == Outcome.Ok && put.Return < remove.Call));
                if (gone is not null)
                {
                    yield return new Contradiction($"{set.Found(read, value)}, after {Words.Who(gone)} had removed it by {Words.Answered(gone)}", [.. puts, gone, read]);
                }
            }
        }
    }

    /// <summary>Of values that nobody removes, of two answers one has all that the other has. By size, neighbours tell.</summary>
    private static IEnumerable<Contradiction> Disagreement(CollectionHistory set)
    {
        (Operation Read, HashSet<string> Values)? last = null;
        foreach (var (read, values) in set.Reads.Select(read => (read.Read, Values: read.Distinct.Where(set.IsNeverRemoved).ToHashSet(StringComparer.Ordinal))).OrderBy(read => read.Values.Count))
        {
            if (last is var (other, fewer) && fewer.FirstOrDefault(value => !values.Contains(value)) is { } theirs && values.FirstOrDefault(value => !fewer.Contains(value)) is { } ours)
            {
                yield return new Contradiction(
                    $"{Words.Who(other)} found {Words.Show(theirs)} and not {Words.Show(ours)} (by {Words.Answered(other)}), and {Words.Who(read)} found {Words.Show(ours)} and not {Words.Show(theirs)} (by {Words.Answered(read)}): "
                    + "one of the two was added first, and whoever finds the other finds it too",
                    [.. set.Puts.GetValueOrDefault(theirs, []), .. set.Puts.GetValueOrDefault(ours, []), other, read]);
            }

            last = (read, values);
        }
    }
}
