using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>Says in one sentence why a small history of one key cannot have happened on a single copy, where it is one of the shapes that people know.</summary>
internal static class Contradiction
{
    /// <summary>The sentence, or null where the piece has none of these shapes. Needs values that are written once, as workloads write them.</summary>
    public static string? InWords(IReadOnlyList<Operation> piece)
    {
        var reads = piece.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok }).OrderBy(read => read.Call).ToList();
        foreach (var read in reads)
        {
            if ((read.Output is null ? FoundNothing(read, piece) : WrongValue(read, piece) ?? WentBack(read, reads, piece)) is { } sentence)
            {
                return sentence;
            }
        }

        return TwoWinners(piece) ?? SameNumberTwice(piece);
    }

    private static string? WrongValue(Operation read, IReadOnlyList<Operation> piece)
    {
        var writers = piece.Where(operation => Puts(operation) == read.Output).ToList();
        if (writers.Count == 0)
        {
            return piece.Any(operation => operation.Op == "incr") ? null : $"{Who(read)} read {Show(read.Output)} at {Instant.Of(read.Return)}, which nobody had written";
        }

        if (writers is not [var writer])
        {
            return null;
        }

        if (writer.Call > read.Return)
        {
            return $"{Who(read)} read {Show(read.Output)} at {Instant.Of(read.Return)}, before {Who(writer)} began to write it at {Instant.Of(writer.Call)}";
        }

        var overwriter = piece
            .Where(other => other.Outcome == Outcome.Ok && Changes(other) && other != writer && writer.Outcome == Outcome.Ok && writer.Return < other.Call && other.Return < read.Call)
            .MinBy(other => other.Return);
        return overwriter is null
            ? null
            : $"{Who(read)} read {Show(read.Output)} at {Instant.Of(read.Call)}, after {Who(overwriter)} had {(overwriter.Op == "delete" ? "deleted it" : $"overwritten it with {Show(Puts(overwriter))}")} by {Instant.Of(overwriter.Return)}";
    }

    /// <summary>Of two reads one after the other, the second saw the older of two values.</summary>
    private static string? WentBack(Operation read, IReadOnlyList<Operation> reads, IReadOnlyList<Operation> piece)
    {
        foreach (var earlier in reads.Where(other => other.Return < read.Call && other.Output is not null && other.Output != read.Output))
        {
            var newer = piece.FirstOrDefault(operation => Puts(operation) == earlier.Output);
            var older = piece.FirstOrDefault(operation => Puts(operation) == read.Output);
            if (newer is not null && older is { Outcome: Outcome.Ok } && older.Return < newer.Call)
            {
                return $"{Who(read)} read {Show(read.Output)} at {Instant.Of(read.Call)}, although {Who(earlier)} had seen the newer {Show(earlier.Output)} by {Instant.Of(earlier.Return)}";
            }
        }

        return null;
    }

    private static string? FoundNothing(Operation read, IReadOnlyList<Operation> piece)
    {
        var written = piece.Where(operation => operation.Outcome == Outcome.Ok && Changes(operation) && operation.Op != "delete" && operation.Return < read.Call).MinBy(operation => operation.Return);
        return written is null || piece.Any(operation => operation.Op == "delete")
            ? null
            : $"{Who(read)} found nothing at {Instant.Of(read.Call)}, after {Who(written)} had {(written.Op == "incr" ? "counted" : $"written {Show(Puts(written))}")} by {Instant.Of(written.Return)}";
    }

    private static string? TwoWinners(IReadOnlyList<Operation> piece)
    {
        var winners = piece
            .Where(operation => operation is { Op: "cas", Outcome: Outcome.Ok } && operation.Output != "false")
            .GroupBy(operation => operation.Input[0])
            .FirstOrDefault(group => group.Count() > 1 && piece.Count(operation => Puts(operation) == group.Key) < 2)?.OrderBy(operation => operation.Return).ToList();
        return winners is null
            ? null
            : $"{Who(winners[0])} (by {Instant.Of(winners[0].Return)}) and {Who(winners[1])} (by {Instant.Of(winners[1].Return)}) both replaced {Show(winners[0].Input[0])}, which was written once";
    }

    private static string? SameNumberTwice(IReadOnlyList<Operation> piece)
    {
        var twice = piece.Where(operation => operation is { Op: "incr", Outcome: Outcome.Ok, Output: not null }).GroupBy(operation => operation.Output).FirstOrDefault(group => group.Count() > 1)?.Take(2).ToList();
        return twice is null ? null : $"{Who(twice[0])} and {Who(twice[1])} both counted to {twice[0].Output}: one of the two counts is lost";
    }

    private static bool Changes(Operation operation) => operation.Op is "write" or "delete" or "incr" || (operation.Op == "cas" && operation.Output != "false");

    private static string? Puts(Operation operation) => operation.Op is "write" or "cas" && Changes(operation) ? operation.Input[^1] : null;

    private static string Who(Operation operation) => $"process {operation.Process.ToString(CultureInfo.InvariantCulture)}";

    private static string Show(string? value) => value is null ? "nothing" : $"\"{value}\"";
}
