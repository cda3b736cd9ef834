using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Totals;

/// <summary>
/// Adds values to a set and reads it at the end (Jepsen's set test): every acknowledged value is there, nothing is there that nobody added, nothing twice. The
/// last read of each key is the witness; values must be unique.
/// </summary>
public sealed class SetTotalsChecker : IChecker
{
    public string Name => "set totals";

    public bool Understands(Operation operation) => CollectionModel.Set.Knows(operation.Op) && operation.Op != "remove" && CollectionModel.Set.IsComplete(operation);

    public CheckResult Check(History history)
    {
        long acknowledged = 0, lost = 0, phantom = 0, twice = 0, recovered = 0, unread = 0;
        var evidence = new Evidence();
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var adds = key.Where(operation => operation is { Op: "add", Input: [not null] }).ToList();
            acknowledged += adds.Count(add => add.Outcome == Outcome.Ok);
            var witness = key.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok }).MaxBy(operation => operation.Call);
            if (witness is null || CollectionModel.TryParse(witness.Output) is not { } read)
            {
                unread += adds.Count(add => add.Outcome == Outcome.Ok);
                continue;
            }

            var seen = read.CountBy(value => value, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            var outcomes = adds.GroupBy(add => add.Input[0]!, StringComparer.Ordinal).ToDictionary(add => add.Key, add => add.ToList(), StringComparer.Ordinal);
            foreach (var add in adds)
            {
                if (seen.ContainsKey(add.Input[0]!))
                {
                    recovered += add.Outcome == Outcome.Info ? 1 : 0;
                }
                else if (add.Outcome == Outcome.Ok && add.Return > witness.Call)
                {
                    unread++;
                }
                else if (add.Outcome == Outcome.Ok)
                {
                    lost++;
                    evidence.Add($"lost: {add}; the last read, {Instant.Of(witness.Call)}, has {read.Count} values and not this one");
                }
            }

            foreach (var (value, count) in seen)
            {
                if (!outcomes.TryGetValue(value, out var by) || by.TrueForAll(add => add.Outcome == Outcome.Fail || add.Call > witness.Return))
                {
                    phantom++;
                    evidence.Add($"phantom: \"{value}\" stands in {key.Key}, and nobody can have added it by then");
                }
                else if (count > 1)
                {
                    twice++;
                    evidence.Add($"twice: \"{value}\" stands {count} times in {key.Key}");
                }
            }
        }

        var summary = $"acknowledged {acknowledged}, lost {lost}, phantom {phantom}, twice {twice}; {recovered} of unknown outcome are there";
        return evidence.Conclude(Name, summary, lost + phantom + twice > 0, acknowledged == 0 || unread > 0 ? $"never read back {unread}" : null);
    }
}
