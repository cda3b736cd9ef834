using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// The part of a history that a promise is about. A mode's lab has several workloads at work side by side, each on keys of its own: of those keys that the promise gives no
/// meaning, and another promise of the catalogue gives one to all of, the promise says nothing. Any other misfit stays in, to be refused.
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

        var others = CheckerCatalog.All.Select(entry => entry.Create(CheckLimits.Default, TimeProvider.System)).ToList();
        var foreign = history.Operations.GroupBy(operation => operation.Key)
            .Where(key => !key.All(checker.Understands) && others.Exists(other => key.All(other.Understands)))
            .Select(key => key.Key)
            .ToHashSet(StringComparer.Ordinal);
        var kept = Enumerable.Range(0, history.Operations.Count).Where(at => !foreign.Contains(history.Operations[at].Key)).ToList();
        return kept.Count == 0
            ? new HistoryPart(history, 0)
            : new HistoryPart(new History([.. kept.Select(at => history.Operations[at])], history.Faults, history.Lines is { } lines ? [.. kept.Select(at => lines[at])] : null), history.Operations.Count - kept.Count);
    }
}
