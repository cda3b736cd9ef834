using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Logs;

/// <summary>
/// A partitioned log (the checks of Maelstrom's kafka workload): one record stands at one offset, everybody who polls sees the same, offsets rise, and an
/// acknowledged record is seen by whoever polls past it. A key is a partition. send [value] -> offset; poll [from] -> [[offset, value], ...], where from may be left out; a last poll
/// that tells from where, and finds nothing, was at the end.
/// </summary>
public sealed class LogChecker : IChecker
{
    public string Name => "log";

    public bool Understands(Operation operation) => operation is { Op: "send", Input: [not null] } || (operation.Op == "poll" && Records(operation.Output) is not null);

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        var counts = new LogCounts();
        foreach (var partition in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            if (CheckPartition(partition.Key, [.. partition.OrderBy(operation => operation.Call)], evidence, counts) is { } misfit)
            {
                return new CheckResult(Name, Verdict.Unknown, $"this is no log operation: {misfit}", []);
            }
        }

        return evidence.Conclude(Name, counts.ToString(), counts.IsViolated, counts.Sent == 0 ? "nothing was sent" : counts.Polled == 0 ? "nothing was polled" : null);
    }

    /// <summary>An operation that has no meaning here; null when all have.</summary>
    private static Operation? CheckPartition(string name, List<Operation> operations, Evidence evidence, LogCounts counts)
    {
        var at = new SortedDictionary<long, string>();
        var sent = new Dictionary<string, Operation>(StringComparer.Ordinal);
        var polls = new List<(Operation Poll, List<(long Offset, string Value)> Records)>();
        foreach (var operation in operations)
        {
            if (operation is { Op: "send", Input: [{ } value] })
            {
                sent[value] = sent.TryGetValue(value, out var before) ? Together(before, operation) : operation;
                counts.Sent += operation.Outcome == Outcome.Ok ? 1 : 0;
                if (operation.Outcome == Outcome.Ok)
                {
                    if (!long.TryParse(operation.Output, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
                    {
                        return operation;
                    }

                    Place(name, offset, value, at, evidence, counts, operation);
                }
            }
            else if (operation.Op == "poll" && operation.Outcome != Outcome.Ok)
            {
                continue;
            }
            else if (operation.Op == "poll" && Records(operation.Output) is { } records)
            {
                polls.Add((operation, records));
            }
            else
            {
                return operation;
            }
        }

        CheckPolls(name, polls, sent, at, evidence, counts);
        CheckLost(name, sent, polls, evidence, counts);
        CheckOvertaken(name, sent.Values, evidence, counts);
        return null;
    }

    /// <summary>A record that its producer has sent again is one send, which began with the first: acknowledged if any was, and refused only if all were.</summary>
    private static Operation Together(Operation first, Operation again)
    {
        var (told, other) = first.Outcome == Outcome.Ok || (first.Outcome == Outcome.Info && again.Outcome == Outcome.Fail) ? (first, again) : (again, first);
        return told with { Call = Math.Min(told.Call, other.Call) };
    }

    private static void CheckPolls(
        string name,
        List<(Operation Poll, List<(long Offset, string Value)> Records)> polls,
        Dictionary<string, Operation> sent,
        SortedDictionary<long, string> at,
        Evidence evidence,
        LogCounts counts)
    {
        foreach (var (poll, records) in polls)
        {
            long last = -1;
            foreach (var (offset, value) in records)
            {
                counts.Polled++;
                if (offset <= last)
                {
                    counts.Reordered++;
                    evidence.Add($"reordered: process {poll.Process} polled offset {offset} of {name} after {last}, at {Instant.Of(poll.Return)}");
                }

                last = offset;
                if (!sent.TryGetValue(value, out var by) || by.Outcome == Outcome.Fail || by.Call > poll.Return)
                {
                    counts.Phantom++;
                    evidence.Add($"phantom: process {poll.Process} polled \"{value}\" at offset {offset} of {name}, which nobody had sent by {Instant.Of(poll.Return)}");
                }

                Place(name, offset, value, at, evidence, counts, poll);
            }
        }

        foreach (var twice in at.GroupBy(record => record.Value, StringComparer.Ordinal).Where(record => record.Count() > 1))
        {
            counts.Twice++;
            evidence.Add($"twice: \"{twice.Key}\" stands at offsets {string.Join(" and ", twice.Select(record => record.Key))} of {name}");
        }
    }

    /// <summary>An acknowledged record must be in every poll that spans its offset, called after it was acknowledged.</summary>
    private static void CheckLost(
        string name, Dictionary<string, Operation> sent, List<(Operation Poll, List<(long Offset, string Value)> Records)> polls, Evidence evidence, LogCounts counts)
    {
        var acknowledged = sent.Values.Where(send => send.Outcome == Outcome.Ok).Select(send => (Offset: long.Parse(send.Output!, CultureInfo.InvariantCulture), Send: send)).OrderBy(send => send.Offset).ToList();
        var lost = new HashSet<long>();
        foreach (var (poll, records) in polls.Where(poll => poll.Records.Count > 0))
        {
            var offsets = records.Select(record => record.Offset).ToHashSet();
            var first = acknowledged.BinarySearch((records[0].Offset, poll), OffsetOrder);
            for (var i = first < 0 ? ~first : first; i < acknowledged.Count && acknowledged[i].Offset <= records[^1].Offset; i++)
            {
                var (offset, send) = acknowledged[i];
                if (send.Return < poll.Call && !offsets.Contains(offset) && lost.Add(offset))
                {
                    counts.Lost++;
                    evidence.Add($"lost: {send}; process {poll.Process} polled past offset {offset} of {name} at {Instant.Of(poll.Call)} and did not see it");
                }
            }
        }

        var seen = polls.SelectMany(poll => poll.Records).Select(record => record.Offset).DefaultIfEmpty(-1).Max();
        var end = polls.Count > 0 && polls[^1] is { Poll.Input: [not null], Records: [] } last ? last.Poll : null;
        foreach (var (offset, send) in acknowledged.Where(send => send.Offset > seen))
        {
            if (end is null || send.Return >= end.Call)
            {
                counts.Unread++;
            }
            else if (lost.Add(offset))
            {
                counts.Lost++;
                evidence.Add($"lost: {send}; process {end.Process} found the end of {name} before it, at {Instant.Of(end.Call)}");
            }
        }
    }

    /// <summary>A record that was acknowledged before another one was sent stands before it.</summary>
    private static void CheckOvertaken(string name, IEnumerable<Operation> sent, Evidence evidence, LogCounts counts)
    {
        var acknowledged = sent.Where(send => send.Outcome == Outcome.Ok).ToList();
        foreach (var (before, after) in Rising.Broken(acknowledged, send => long.Parse(send.Output!, CultureInfo.InvariantCulture), send => send.Call, send => send.Return))
        {
            counts.Reordered++;
            evidence.Add($"reordered: {after}, though {before} was acknowledged at a higher offset of {name} before that");
        }
    }

    private static readonly Comparer<(long Offset, Operation Send)> OffsetOrder = Comparer<(long Offset, Operation Send)>.Create((a, b) => a.Offset.CompareTo(b.Offset));

    private static void Place(string name, long offset, string value, SortedDictionary<long, string> at, Evidence evidence, LogCounts counts, Operation by)
    {
        if (at.TryAdd(offset, value) || at[offset] == value)
        {
            return;
        }

        counts.Different++;
        evidence.Add($"different: offset {offset} of {name} holds \"{at[offset]}\" and, for process {by.Process} at {Instant.Of(by.Return)}, \"{value}\"");
    }

    private static List<(long Offset, string Value)>? Records(string? output)
    {
        if (output is null)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(output);
            return [.. document.RootElement.EnumerateArray().Select(record => (record[0].GetInt64(), record[1].ValueKind == JsonValueKind.String ? record[1].GetString()! : record[1].GetRawText()))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            return null;
        }
    }
}
