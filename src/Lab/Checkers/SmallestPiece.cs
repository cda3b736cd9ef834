using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// Cuts a history of one key that is not linearizable down to a small piece that still is not, for people to read. Each step is sound: what comes after the
/// contradiction is dropped (linearizability is closed under prefixes), and a value goes only with its writers and its readers, so that no read is made to
/// look as if it saw what nobody wrote. Increments all stay: each is part of every number read after it. Bounded: what is not cut in time stays.
/// </summary>
internal sealed class SmallestPiece(IModel model, CheckLimits limits, TimeProvider time)
{
    /// <summary>For one search of many: what takes longer is not worth a shorter text.</summary>
    private const int MaxConfigurations = 100_000;

    public IReadOnlyList<Operation> Of(IReadOnlyList<Operation> violated, long contradictionAt)
    {
        var deadline = time.GetTimestamp() + (long)(Math.Min(2, limits.Time.TotalSeconds) * time.TimestampFrequency);
        IReadOnlyList<Operation> piece = Before(violated, contradictionAt);
        if (!IsViolated(piece, deadline))
        {
            piece = violated;
        }

        if (piece.Any(operation => operation.Op == "incr"))
        {
            return WithoutWhatIsNotNeeded(piece, deadline);
        }

        // From many values at once to one at a time (delta debugging, Zeller 2002).
        var values = piece.SelectMany(ValuesOf).Distinct(StringComparer.Ordinal).ToList();
        for (var size = Math.Max(1, values.Count / 2); values.Count > 0; size /= 2)
        {
            for (var at = 0; at < values.Count && time.GetTimestamp() < deadline;)
            {
                var gone = values.GetRange(at, Math.Min(size, values.Count - at)).ToHashSet(StringComparer.Ordinal);
                var smaller = piece.Where(operation => !ValuesOf(operation).Any(gone.Contains)).ToList();
                if (smaller.Count < piece.Count && IsViolated(smaller, deadline))
                {
                    piece = smaller;
                    values.RemoveRange(at, gone.Count);
                }
                else
                {
                    at += size;
                }
            }

            if (size <= 1)
            {
                break;
            }
        }

        return WithoutWhatIsNotNeeded(piece, deadline);
    }

    /// <summary>
    /// What was called before the contradiction was complete; whatever had not returned by then may still do anything. Whoever writes a value only after it was
    /// read is kept for the reader of the verdict.
    /// </summary>
    private static List<Operation> Before(IReadOnlyList<Operation> operations, long end)
    {
        var read = operations.Where(operation => operation.IsRead && operation.Return <= end).Select(operation => operation.Output).ToHashSet();
        return
        [
            .. operations
                .Where(operation => operation.Return <= end || !operation.IsRead)
                .Where(operation => operation.Call <= end || (operation.Op == "write" && read.Contains(operation.Input[0])))
                .Select(operation => operation.Return > end ? operation with { Outcome = Outcome.Info } : operation),
        ];
    }

    /// <summary>Reads one by one: without a read the rest is only easier to explain, so a piece that is violated without it does not need it.</summary>
    private IReadOnlyList<Operation> WithoutWhatIsNotNeeded(IReadOnlyList<Operation> piece, long deadline)
    {
        for (var at = piece.Count - 1; at >= 0 && time.GetTimestamp() < deadline; at--)
        {
            if (piece[at].IsRead && piece.Where((_, index) => index != at).ToList() is var smaller && IsViolated(smaller, deadline))
            {
                piece = smaller;
            }
        }

        return piece;
    }

    private bool IsViolated(IReadOnlyList<Operation> operations, long deadline)
    {
        var (narrowed, needed) = Narrowing.Of(model, [.. operations]);
        return new LinearizationSearch(narrowed, needed, MaxConfigurations, time, deadline).Run() == Verdict.Violated;
    }

    /// <summary>What ties operations together: a value that one puts and another sees. Null, the absent value, ties nothing.</summary>
    private static IEnumerable<string> ValuesOf(Operation operation)
    {
        foreach (var value in operation.Input)
        {
            if (value is not null)
            {
                yield return value;
            }
        }

        if (operation is { Op: "read" or "dequeue", Outcome: Outcome.Ok, Output: { } seen })
        {
            // A read of a set or a list sees many.
            foreach (var value in seen.Split(CollectionModel.End, StringSplitOptions.RemoveEmptyEntries))
            {
                yield return value;
            }
        }
    }
}
