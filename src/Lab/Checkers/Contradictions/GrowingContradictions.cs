using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>Sets and lists alike: values in them that nobody put there, and values that are missing although they had been put or seen there.</summary>
internal static class GrowingContradictions
{
    public static IEnumerable<Contradiction> In(CollectionHistory collection, IReadOnlyList<Operation> operations)
    {
        foreach (var (read, values, _) in collection.Reads)
        {
            foreach (var value in values)
            {
                if (FromNowhere(collection, operations, read, value) is { } contradiction)
                {
                    yield return contradiction;
                }
            }
        }

        foreach (var (value, puts) in collection.Puts)
        {
            foreach (var contradiction in Missing(collection, value, puts))
            {
                yield return contradiction;
            }
        }
    }

    private static Contradiction? FromNowhere(CollectionHistory collection, IReadOnlyList<Operation> operations, Operation read, string value)
    {
        if (!collection.Puts.TryGetValue(value, out var puts))
        {
            var failed = operations.FirstOrDefault(operation => operation.Op is "add" or "append" && operation.Outcome == Outcome.Fail && operation.Input[0] == value && operation.Call < read.Return);
            return new Contradiction($"{collection.Found(read, value)}, {Words.NobodyHad(collection.Done, collection.ToDo, failed)}", failed is null ? [read] : [failed, read]);
        }

        return puts[0].Call > read.Return
            ? new Contradiction($"{collection.Found(read, value)}, before {Words.Who(puts[0])} began to {collection.ToDo} it at {Words.Asked(puts[0])}", [read, puts[0]])
            : null;
    }

    /// <summary>The first read after a value was certainly there that does not have it.</summary>
    private static IEnumerable<Contradiction> Missing(CollectionHistory collection, string value, List<Operation> puts)
    {
        var added = puts.Where(put => put.Outcome == Outcome.Ok).MinBy(put => put.Return);
        var seen = collection.FirstSeen.GetValueOrDefault(value);
        foreach (var (read, _, values) in collection.Reads)
        {
            if (values.Contains(value))
            {
                continue;
            }

            if (added is not null && added.Return < read.Call && collection.StaysFrom(value, added.Call, read))
            {
                yield return new Contradiction($"{collection.Missed(read, value)}, after {Words.Who(added)} had {collection.Done} it by {Words.Answered(added)}", [added, read]);
                yield break;
            }

            if (seen is not null && seen.Return < read.Call && collection.StaysFrom(value, seen.Call, read))
            {
                yield return new Contradiction($"{collection.Missed(read, value)}, although {Words.Who(seen)} had found it there by {Words.Answered(seen)}", [.. puts, seen, read]);
                yield break;
            }
        }
    }
}
