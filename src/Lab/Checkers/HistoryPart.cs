using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// The part of a history that a promise is about. A mode's lab has several workloads at work side by side, each on keys that begin with its name and a colon: of a workload whose
/// operations another promise of the catalogue gives a meaning, all of them, this one says nothing. Any other misfit stays in, to be refused.
/// </summary>
/// <param name="Part">What is to be judged.</param>
/// <param name="LeftOut">Operations on keys of other workloads.</param>
public sealed record HistoryPart(History Part, int LeftOut)
{
    /// <summary>Leaves nothing out where nothing would be left.</summary>
    public static HistoryPart Of(History history, IChecker checker)
    {
        if (history.Operations.All(checker.Understands))
        {
            return new HistoryPart(history, 0);
        }

        var others = CheckerCatalog.OfOperations.Select(entry => entry.Create(CheckLimits.Default, TimeProvider.System)).ToList();
        var foreign = history.Operations.GroupBy(WorkloadOf)
            .Where(workload => workload.Key.Length > 0 && !workload.All(checker.Understands) && others.Exists(other => workload.All(other.Understands)))
            .Select(workload => workload.Key)
            .ToHashSet(StringComparer.Ordinal);
        var kept = Enumerable.Range(0, history.Operations.Count).Where(at => !foreign.Contains(WorkloadOf(history.Operations[at]))).ToList();
        return kept.Count == 0
            ? new HistoryPart(history, 0)
            : new HistoryPart(new History([.. kept.Select(at => history.Operations[at])], history.Faults, history.Lines is { } lines ? [.. kept.Select(at => lines[at])] : null), history.Operations.Count - kept.Count);
    }

    /// <summary>Up to the last colon; keys without one are all of one nameless workload. Not key by key: one that was only read would fit many promises.</summary>
    private static string WorkloadOf(Operation operation) => operation.Key[..(operation.Key.LastIndexOf(':') + 1)];
}
