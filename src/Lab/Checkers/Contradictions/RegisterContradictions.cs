using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>Reads, writes, deletes and compare-and-sets of one key: values from nowhere, values that had been replaced, and compare-and-sets that cannot both be right.</summary>
internal static class RegisterContradictions
{
    /// <summary>Refusals that are looked into: each is held against every change of the key.</summary>
    private const int MaxRefusals = 1_000;

    public static IEnumerable<Contradiction> In(IReadOnlyList<Operation> operations)
    {
        var values = new RegisterValues(operations);
        foreach (var seer in values.Seers)
        {
            if ((FromNowhere(seer, values, operations) ?? Replaced(seer, values)) is { } contradiction)
            {
                yield return contradiction;
            }
        }

        foreach (var contradiction in TwoWinners(values).Concat(WronglyRefused(operations, values)))
        {
            yield return contradiction;
        }
    }

    private static Contradiction? FromNowhere(Operation seer, RegisterValues values, IReadOnlyList<Operation> operations)
    {
        var seen = RegisterValues.Saw(seer);
        if (seen is null)
        {
            return null;
        }

        var sources = values.SourcesOf(seen).Where(source => source != seer).ToList();
        if (sources.Count == 0)
        {
            var failed = operations.FirstOrDefault(operation => operation is { Op: "write" or "cas", Outcome: Outcome.Fail } && operation.Input[^1] == seen && operation.Call < seer.Return);
            return new Contradiction($"{Words.Told(seer)}, {Words.NobodyHad("written", "write", failed)}", failed is null ? [seer] : [failed, seer]);
        }

        return sources.MinBy(source => source.Call) is { } first && first.Call > seer.Return
            ? new Contradiction($"{Told(seer)}, before {Words.Who(first)} began to write it at {Words.Asked(first)}", [seer, first])
            : null;

        static string Told(Operation seer) => seer.IsRead ? $"{Words.Who(seer)} read {Words.Show(seer.Output)} at {Words.Answered(seer)}" : Words.Told(seer);
    }

    /// <summary>Whoever put the value was certainly done before another one began, and that one was done before this operation was asked.</summary>
    private static Contradiction? Replaced(Operation seer, RegisterValues values)
    {
        var seen = RegisterValues.Saw(seer);
        var sources = values.SourcesOf(seen).Where(source => source != seer && source.Call <= seer.Return).ToList();
        var since = sources.ConvertAll(values.ShownBy);
        if (since.Contains(null)
            || values.FirstShownOfThoseCalledAfter(since.Select(shown => shown!.Return).DefaultIfEmpty(-1).Max()) is not { } next
            || values.ShownBefore(next, seer.Call) is not { } shows
            || shows.Return >= seer.Call)
        {
            return null;
        }

        var witnesses = sources.ConvertAll(source => values.ShownBefore(source, next.Call)!);
        var value = RegisterValues.Puts(next);
        var replaced = shows != next ? $"although {Words.Who(shows)} had seen the newer {Words.Show(value)} by {Words.Answered(shows)}"
            : next.Op == "delete" ? $"after {Words.Who(next)} had deleted it by {Words.Answered(next)}"
            : seen is null ? $"after {Words.Who(next)} had written {Words.Show(value)} by {Words.Answered(next)}"
            : $"after {Words.Who(next)} had overwritten it with {Words.Show(value)} by {Words.Answered(next)}";
        var sighting = sources.Zip(witnesses).Where(pair => pair.First != pair.Second).Select(pair => $"; {Words.Show(seen)} was there by {Words.Answered(pair.Second)}, when {Words.Who(pair.Second)} saw it").FirstOrDefault();
        return new Contradiction($"{Words.Told(seer)}, {replaced}{sighting}", [.. sources.Concat(witnesses).Append(next).Append(shows).Append(seer).Distinct()]);
    }

    private static IEnumerable<Contradiction> TwoWinners(RegisterValues values)
    {
        foreach (var winners in values.Seers.Where(seer => seer.Op == "cas").GroupBy(winner => winner.Input[0]).Where(group => group.Count() > 1))
        {
            var sources = values.SourcesOf(winners.Key);
            if (sources.Count > (winners.Key is null ? 0 : 1))
            {
                continue;
            }

            var two = winners.OrderBy(winner => winner.Return).Take(2).ToList();
            var both = $"{Words.Who(two[0])} (by {Words.Answered(two[0])}) and {Words.Who(two[1])} (by {Words.Answered(two[1])}) both";
            yield return new Contradiction(
                winners.Key is null ? $"{both} created the key, which nobody deleted" : $"{both} replaced {Words.Show(winners.Key)}, which was written once",
                [.. sources.Concat(two).Distinct()]);
        }
    }

    /// <summary>The value that was expected stood there for as long as the operation lasted.</summary>
    private static IEnumerable<Contradiction> WronglyRefused(IReadOnlyList<Operation> operations, RegisterValues values)
    {
        foreach (var refused in operations.Where(operation => operation is { Op: "cas", Outcome: Outcome.Ok, Output: "false" }).Take(MaxRefusals))
        {
            var sources = values.SourcesOf(refused.Input[0]);
            var source = sources.Where(source => source.Outcome == Outcome.Ok && source.Return < refused.Call).MaxBy(source => source.Call);
            var from = source?.Call ?? -1;
            if ((source is null && refused.Input[0] is not null) || values.Changers.Any(other => !sources.Contains(other) && other.Call <= refused.Return && (other.Outcome != Outcome.Ok || other.Return >= from)))
            {
                continue;
            }

            var told = refused.Input[0] is null ? $"{Words.Who(refused)} was told at {Words.Answered(refused)} that the key exists" : Words.Told(refused);
            yield return new Contradiction(
                source is null ? $"{told}, and nobody had written to it by then"
                    : $"{told}, although {Words.Who(source)} had {(source.Op == "delete" ? "deleted it" : "written it")} by {Words.Answered(source)} and nobody changed it after that",
                source is null ? [refused] : [source, refused]);
        }
    }
}
