using System.Globalization;
using Cluster.Lab.Checkers.Contradictions;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// Decides whether a history is linearizable (Herlihy and Wing 1990): whether each operation can be given one instant between its call and its
/// return so that the answers are those of a single copy. Searches as Wing and Gong (1993) with Lowe's memory of configurations (2017), each key
/// alone, which suffices because linearizability is local. "Violated" is certain and comes with the operation that no order explains.
/// </summary>
public sealed class LinearizabilityChecker(IModel model, CheckLimits limits, TimeProvider time) : IChecker
{
    /// <summary>A piece of history longer than this nobody reads.</summary>
    private const int MaxShown = 20;

    /// <summary>Characters of one operation.</summary>
    private const int MaxLine = 240;

    public string Name => "linearizability";

    public bool Understands(Operation operation) => model.Knows(operation.Op) && model.IsComplete(operation);

    public CheckResult Check(History history)
    {
        var deadline = time.GetTimestamp() + (long)(limits.Time.TotalSeconds * time.TimestampFrequency);
        var undecided = new List<string>();
        var keys = ByKey(history.Operations);
        if (keys.Count == 0)
        {
            return new CheckResult(Name, Verdict.Unknown, "the history has no operations", []);
        }

        foreach (var (key, operations) in keys)
        {
            var misfit = operations.Find(operation => !Understands(operation));
            if (misfit is not null)
            {
                return new CheckResult(Name, Verdict.Unknown, $"the model '{model.Name}' gives no meaning to: {misfit}", []);
            }

            var prepared = operations.ConvertAll(model.Prepare);
            var (narrowed, needed) = Narrowing.Of(model, prepared);
            var search = new LinearizationSearch(narrowed, needed, limits.MaxConfigurations, time, deadline);
            switch (search.Run())
            {
                case Verdict.Violated:
                    var failed = history.Operations.Where(operation => operation.Key == key && operation.Outcome == Outcome.Fail);
                    var shown = KnownContradictions.Smallest(model, [.. operations, .. failed]) ?? Searched(operations, prepared, search.ContradictionAt);
                    var piece = shown.Piece.OrderBy(operation => operation.Call).ToList();
                    return new CheckResult(Name, Verdict.Violated, $"not linearizable: no order of the operations{(key.Length == 0 ? "" : $" on key '{key}'")} explains their answers", Explain(shown.Sentence, piece, operations.Count)) { Piece = piece };
                case Verdict.Unknown:
                    undecided.Add($"key '{key}' with {operations.Count} operations: the search met its bound ({limits.Time.TotalSeconds:0} s, {limits.MaxConfigurations} configurations)");
                    break;
            }
        }

        return undecided.Count > 0
            ? new CheckResult(Name, Verdict.Unknown, string.Create(CultureInfo.InvariantCulture, $"{undecided.Count} of {keys.Count} keys could not be decided"), undecided)
            : new CheckResult(Name, Verdict.Holds, string.Create(CultureInfo.InvariantCulture, $"linearizable: {history.Operations.Count} operations on {keys.Count} key{(keys.Count == 1 ? "" : "s")}"), []);
    }

    /// <summary>A contradiction of no shape that has a name: the piece that is left when all is taken away that can be, and the answer that its orders end at.</summary>
    private Contradiction Searched(List<Operation> recorded, List<Operation> prepared, long contradictionAt)
    {
        var originals = recorded.ToDictionary(operation => (operation.Process, operation.Call));
        var piece = new SmallestPiece(model, limits, time).Of(prepared, contradictionAt).Select(operation => originals[(operation.Process, operation.Call)]).ToList();
        var last = piece.Where(operation => operation.Outcome == Outcome.Ok && (operation.Op is "read" or "cas" or "dequeue" || operation.Output is not null)).MaxBy(operation => operation.Return)!;
        return new Contradiction($"{Words.Told(last)}: in every order that the times allow, one of the operations below had to answer something else", piece);
    }

    private static List<string> Explain(string sentence, List<Operation> piece, int all)
    {
        var details = new List<string> { sentence, $"{piece.Count} of the key's {all} operations {(piece.Count == 1 ? "shows" : "show")} it:" };
        details.AddRange(piece.Take(MaxShown).Select(operation => "  " + Shortened(operation.ToString())));
        if (piece.Count > MaxShown)
        {
            details.Add($"  ... and {piece.Count - MaxShown} more");
        }

        return details;
    }

    /// <summary>A read of a set of thousands is no line any more: its beginning and its end, which has the times.</summary>
    private static string Shortened(string line) => line.Length <= MaxLine ? line : $"{line[..(MaxLine / 2)]} ... {line[^(MaxLine / 3)..]}";

    private static SortedDictionary<string, List<Operation>> ByKey(IReadOnlyList<Operation> history)
    {
        var keys = new SortedDictionary<string, List<Operation>>(StringComparer.Ordinal);
        foreach (var operation in history)
        {
            if (!keys.TryGetValue(operation.Key, out var operations))
            {
                keys.Add(operation.Key, operations = []);
            }

            // What failed had no effect, and a read without an answer says nothing.
            if (operation.Outcome == Outcome.Ok || (operation.Outcome == Outcome.Info && !operation.IsRead))
            {
                operations.Add(operation);
            }
        }

        return keys;
    }
}
