using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Logs;

/// <summary>A poll that was answered, and the part of the log of which it tells: what is there and is not among its records is not in the log.</summary>
/// <param name="Records">In the order of the answer.</param>
internal sealed record LogPoll(Operation Operation, List<(long Offset, string Value)> Records)
{
    /// <summary>First and last offset that it tells of; the last is below the first where it tells of none.</summary>
    public (long From, long To) Span { get; } = SpanOf(Operation, Records);

    /// <summary>What it shows of a record that should be among its own.</summary>
    public string Told(string partition, long offset) => Records.Count > 0
        ? $"process {Operation.Process} polled past offset {offset} of {partition} at {Instant.Of(Operation.Call)} and did not see it"
        : $"process {Operation.Process} found the end of {partition} before it, at {Instant.Of(Operation.Call)}";

    /// <summary>
    /// It reads on from where it was asked, or from its first record where it does not say. One that finds nothing has found the end; but not at a replica, which may lag: what that sees is a
    /// beginning of the log, whole up to its last record. How much one poll gives at most is its server's choice, so nothing is concluded from what comes after the last record.
    /// </summary>
    private static (long From, long To) SpanOf(Operation poll, List<(long Offset, string Value)> records)
    {
        long? asked = poll.Input is [{ } from, ..] && long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return records.Count > 0 ? (Math.Min(asked ?? long.MaxValue, records[0].Offset), records[^1].Offset)
            : asked is { } end && poll.Input.Count == 1 ? (end, long.MaxValue)
            : (0, -1);
    }
}
