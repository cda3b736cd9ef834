using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Breakers;

/// <summary>What answers promise: fresh ones come from the dependency, stale ones are no older than they say, and an add takes effect once, or not, as its client was told.</summary>
internal static class AnswerRules
{
    /// <summary>What rounding and two clocks may make of an age.</summary>
    private const long Slack = 5_000_000;

    public static IEnumerable<string> Broken(BreakerHistory seen) => Invented(seen).Concat(Outdated(seen)).Concat(Effects(seen)).Concat(Doubled(seen));

    private static IEnumerable<string> Invented(BreakerHistory seen)
    {
        foreach (var log in seen.Logs.Where(log => log.IsWhole))
        {
            foreach (var call in seen.Calls.Where(call => call.To == log.Name && call.IsFresh && call.Life == log.Life))
            {
                if (!log.ById[call.Id].Any(attempt => attempt.Fate is "effect" or "repeat" or "read"))
                {
                    yield return $"{call.Id} was answered as fresh at {Instant.Of(call.Operation.Return)}, and {log.Name} never served it";
                }
            }
        }
    }

    /// <summary>A read must not be behind an add that was acknowledged before it was asked; a stale one, before the age that it tells.</summary>
    private static IEnumerable<string> Outdated(BreakerHistory seen)
    {
        var added = seen.Calls.Where(call => call.IsAdd && call is { IsFresh: true, Value: not null, Life: not null })
            .GroupBy(call => (call.To, call.Item, call.Life))
            .ToDictionary(item => item.Key, item => Highest([.. item.OrderBy(call => call.Operation.Return)]));
        foreach (var read in seen.Calls.Where(call => !call.IsAdd && call is { Value: not null, Life: not null }))
        {
            if (!read.IsFresh && read.AgeMs is null or < 0)
            {
                yield return $"{read.Id} was answered {read.Value} without an age, and not as fresh";
                continue;
            }

            var by = read.Operation.Call - (read.IsFresh ? 0 : Math.Min(read.AgeMs!.Value, long.MaxValue / 2_000_000) * 1_000_000) - (read.IsFresh ? 0 : Slack);
            if (added.GetValueOrDefault((read.To, read.Item, read.Life)) is { } adds && LastBefore(adds, by) is { } add && add.Value > read.Value)
            {
                yield return $"{read.Id} read {read.Value} of {read.Item} at {read.To} at {Instant.Of(read.Operation.Call)} as {(read.IsFresh ? "fresh" : $"{read.AgeMs} ms old")}, though it was {add.Value} by {Instant.Of(add.At)}";
            }
        }
    }

    private static IEnumerable<string> Effects(BreakerHistory seen)
    {
        foreach (var log in seen.Logs)
        {
            foreach (var doubled in log.Attempts.Where(attempt => attempt.Fate == "effect").GroupBy(attempt => attempt.Id).Where(id => id.Count() > 1))
            {
                yield return $"{doubled.Key} took effect {doubled.Count()} times at {log.Name}: attempts {string.Join(", ", doubled.Select(attempt => attempt.Number))}";
            }

            var none = seen.Calls.Where(call => call.To == log.Name && call is { IsAdd: true, Outcome: "refused" or "failed" }).Select(call => (call.Id, Told: $"told that it was {call.Outcome}"))
                .Concat(seen.Invoked.Where(operation => operation.Key == log.Name && operation.Outcome == Outcome.Fail && operation.Input[0] == "add").Select(operation => (Id: operation.Input[2]!, Told: "refused for certain")));
            foreach (var (id, told) in none.Where(call => log.ById[call.Id].Any(attempt => attempt.Fate == "effect")))
            {
                yield return $"{id} took effect at {log.Name}, though its client was {told}";
            }
        }
    }

    private static IEnumerable<string> Doubled(BreakerHistory seen) =>
        from value in seen.Calls.Where(call => call.IsAdd && call is { IsFresh: true, Value: not null }).GroupBy(call => (call.To, call.Life, call.Item, call.Value))
        where value.Select(call => call.Id).Distinct().Count() > 1
        select $"{string.Join(" and ", value.Select(call => call.Id).Distinct())} both counted {value.Key.Item} at {value.Key.To} up to {value.Key.Value}";

    private static List<(long At, long Value)> Highest(IReadOnlyList<CallSeen> adds)
    {
        var highest = new List<(long At, long Value)>(adds.Count);
        foreach (var add in adds)
        {
            highest.Add((add.Operation.Return, Math.Max(add.Value!.Value, highest.Count == 0 ? long.MinValue : highest[^1].Value)));
        }

        return highest;
    }

    private static (long At, long Value)? LastBefore(List<(long At, long Value)> adds, long by)
    {
        var (low, high) = (0, adds.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = adds[middle].At < by ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : adds[low - 1];
    }
}
