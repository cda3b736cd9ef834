using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// Decides whether a history is sequentially consistent (Lamport 1979): whether all operations on all keys can stand in one order that keeps each process's own and explains every answer.
/// Real time counts for nothing, so a read may be old as long as its process never goes back. Not local as linearizability is: the keys must be judged together. Deciding it is
/// NP-complete, too, and there is no clock to narrow the search, so it is meant for some thousand operations of a handful of clients.
/// </summary>
public sealed class SequentialConsistencyChecker(IModel model, CheckLimits limits, TimeProvider time) : IChecker
{
    public string Name => "sequential consistency";

    public bool Understands(Operation operation) => model.Knows(operation.Op) && model.IsComplete(operation);

    public CheckResult Check(History history)
    {
        var deadline = time.GetTimestamp() + (long)(limits.Time.TotalSeconds * time.TimestampFrequency);
        if (history.Operations.FirstOrDefault(operation => !Understands(operation)) is { } misfit)
        {
            return new CheckResult(Name, Verdict.Unknown, $"the model '{model.Name}' gives no meaning to: {misfit}", []);
        }

        var operations = Needed(history);
        if (operations.Count == 0)
        {
            return new CheckResult(Name, Verdict.Unknown, "the history has no operations", []);
        }

        var search = new SequentialSearch(model, operations, limits, time, deadline);
        var verdict = search.Run();
        var counted = string.Create(CultureInfo.InvariantCulture, $"{operations.Count} operations of {search.Processes} processes on {search.Keys} keys");
        return verdict switch
        {
            Verdict.Holds => new CheckResult(Name, verdict, $"sequentially consistent: {counted}", []),
            Verdict.Violated => new CheckResult(Name, verdict, $"not sequentially consistent: no order of the {counted} that keeps each process's own explains their answers", Explain(search)) { Piece = search.Stuck },
            _ => new CheckResult(Name, verdict, $"{counted} could not be decided", [$"the search met its bound ({limits.Time.TotalSeconds:0} s, the memory of {limits.MaxConfigurations} configurations)"]),
        };
    }

    /// <summary>Without what had no effect, and without what cannot matter.</summary>
    private List<Operation> Needed(History history) =>
    [
        .. history.Operations
            .Where(operation => operation.Outcome == Outcome.Ok || (operation.Outcome == Outcome.Info && !operation.IsRead))
            .GroupBy(operation => operation.Key, StringComparer.Ordinal)
            .SelectMany(key => UnseenWrites.Drop([.. key.Select(model.Prepare)])),
    ];

    private static List<string> Explain(SequentialSearch search) =>
        [$"the longest order has {search.Longest} operations; after it none of these explains its answer:", .. search.Stuck.Select(operation => "  " + operation)];
}
