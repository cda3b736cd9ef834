using System.Globalization;
using Cluster.Lab.Checkers.Contradictions;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// Counts acknowledged writes that are gone: "acknowledged N, lost M". For each key the last read of the history is the witness. A write is kept if the
/// witness saw it, or saw a value whose write was concurrent with it or later. An increment is kept if it is part of the final count.
/// Values must be unique within a key, as <see cref="Workloads.Workload"/> writes them.
/// </summary>
public sealed class AcknowledgedWritesChecker : IChecker
{
    private const int MaxDetails = 10;

    public string Name => "acknowledged writes";

    public bool Understands(Operation operation) => KeyValueModel.Kv.Knows(operation.Op) && KeyValueModel.Kv.IsComplete(operation);

    public CheckResult Check(History history)
    {
        var (acknowledged, lost, unread, details) = Count(history);
        var summary = string.Create(CultureInfo.InvariantCulture, $"acknowledged {acknowledged}, lost {lost}");
        if (lost > 0)
        {
            return new CheckResult(Name, Verdict.Violated, summary, details);
        }

        return acknowledged == 0 || unread > 0
            ? new CheckResult(Name, Verdict.Unknown, summary + string.Create(CultureInfo.InvariantCulture, $", never read back {unread}"), details)
            : new CheckResult(Name, Verdict.Holds, summary, details);
    }

    /// <summary>How many writes were acknowledged, how many of those are gone, how many nobody read back, and the first few in words.</summary>
    public static (long Acknowledged, long Lost, long Unread, IReadOnlyList<string> Details) Count(History history)
    {
        long acknowledged = 0, lost = 0, unread = 0;
        var details = new List<string>();
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var writes = key.Where(operation => operation is { IsRead: false, Outcome: Outcome.Ok } and not { Op: "cas", Output: "false" }).ToList();
            acknowledged += writes.Count;
            var witness = key.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok }).MaxBy(operation => operation.Call);
            var late = witness is null ? writes.Count : writes.Count(write => write.Return > witness.Call);
            unread += late;
            if (witness is null || late == writes.Count)
            {
                continue;
            }

            var before = late == 0 ? writes : writes.FindAll(write => write.Return <= witness.Call);
            var unsure = key.Where(operation => operation is { IsRead: false, Outcome: Outcome.Info }).ToList();
            if (late > 0)
            {
                // Writes still under way when the witness was read may be what it saw.
                unsure.AddRange(writes.Where(write => write.Return > witness.Call));
            }

            var counts = before.Exists(write => write.Op == "incr");
            var gone = counts ? LostIncrements(before, unsure, witness) : LostWrites(before, unsure, witness);
            lost += gone.Count;
            details.AddRange((counts && gone.Count > 0 ? [Missing(before, witness)] : gone.Select(write => Lost(write, witness))).Take(MaxDetails - Math.Min(MaxDetails, details.Count)));
        }

        return (acknowledged, lost, unread, details);
    }

    private static string Lost(Operation write, Operation witness) =>
        $"lost: {Words.Who(write)} had {(write.Op == "delete" ? $"deleted {write.Key}" : $"written {Words.Show(After(write))} to {write.Key}")} by {Words.Answered(write)}; the last read, by {Words.Who(witness)} at {Words.Asked(witness)}, found {(witness.Output is null ? "nothing" : $"{Words.Show(witness.Output)}, which is not newer")}";

    /// <summary>Which ones are gone cannot be told from a sum.</summary>
    private static string Missing(List<Operation> increments, Operation witness) => string.Create(
        CultureInfo.InvariantCulture,
        $"lost: {increments.Count} increments of {witness.Key}, by {increments.Sum(increment => (decimal)KeyValueModel.Delta(increment))} in all, had been acknowledged; the last read, by {Words.Who(witness)} at {Words.Asked(witness)}, found {witness.Output ?? "nothing"}");

    private static List<Operation> LostWrites(List<Operation> writes, List<Operation> unsure, Operation witness)
    {
        // One of unknown outcome may have come after everything, so whatever it overwrote was rightly overwritten.
        if (unsure.Exists(write => After(write) == witness.Output))
        {
            return [];
        }

        var writer = writes.Find(write => After(write) == witness.Output);
        return writer is null ? writes : writes.FindAll(write => write.Call > writer.Return);
    }

    private static List<Operation> LostIncrements(List<Operation> increments, List<Operation> unsure, Operation witness)
    {
        var expected = increments.Sum(increment => (decimal)KeyValueModel.Delta(increment)); // No sum of numbers of 64 bits overflows it.
        _ = long.TryParse(witness.Output ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var counted);
        if (counted >= expected)
        {
            return [];
        }

        // The last ones stand for those that are gone.
        var missing = expected - counted;
        var gone = new List<Operation>();
        foreach (var increment in increments.OrderByDescending(operation => operation.Call))
        {
            if (missing <= 0)
            {
                break;
            }

            missing -= KeyValueModel.Delta(increment);
            gone.Add(increment);
        }

        return gone;
    }

    /// <summary>The value that stands after the write.</summary>
    private static string? After(Operation write) => write.Op == "delete" ? null : write.Input[^1];
}
