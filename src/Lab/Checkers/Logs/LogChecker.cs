using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Logs;

/// <summary>
/// A partitioned log (the checks of Maelstrom's kafka workload): one record stands at one offset, everybody who polls sees the same, offsets rise, and an
/// acknowledged record is seen by whoever polls past it. A key is a partition. send [value] -> offset; poll [from] -> [[offset, value], ...], where from may be left out; a poll that tells from
/// where, and finds nothing, was at the end. poll [from, replica] may lag behind: it sees a beginning of the log, and its end tells nothing.
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

        return evidence.Conclude(Name, counts.ToString(), counts.IsViolated, counts.Sent == 0 ? "nothing was sent" : counts.Polled == 0 ? "nothing was polled" : counts.Unread > 0 ? "of records that nobody polled nothing is known" : null);
    }

    /// <summary>An operation that has no meaning here; null when all have.</summary>
    private static Operation? CheckPartition(string name, List<Operation> operations, Evidence evidence, LogCounts counts)
    {
        var at = new SortedDictionary<long, string>();
        var sent = new Dictionary<string, Operation>(StringComparer.Ordinal);
        var polls = new List<LogPoll>();
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
                polls.Add(new LogPoll(operation, records));
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
        List<LogPoll> polls,
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

    /// <summary>An acknowledged record must be in every poll that spans its offset, called after it was acknowledged; of one that is in no poll, and in no poll's span, nothing is known.</summary>
    private static void CheckLost(string name, Dictionary<string, Operation> sent, List<LogPoll> polls, Evidence evidence, LogCounts counts)
    {
        var acknowledged = sent.Values.Where(send => send.Outcome == Outcome.Ok).Select(send => (Offset: long.Parse(send.Output!, CultureInfo.InvariantCulture), Send: send)).OrderBy(send => send.Offset).ToList();
        var earliest = EarliestFrom(acknowledged);
        var seen = new HashSet<long>();
        var lost = new HashSet<long>();
        foreach (var poll in polls)
        {
            var offsets = poll.Records.Select(record => record.Offset).ToHashSet();
            seen.UnionWith(offsets);
            var (from, to) = poll.Span;
            var first = acknowledged.BinarySearch((from, poll.Operation), OffsetOrder);

            // A poll that found the end spans all that comes after: it is left where nothing further was acknowledged before it, which is nearly at once.
            for (var i = first < 0 ? ~first : first; i < acknowledged.Count && acknowledged[i].Offset <= to && earliest[i] < poll.Operation.Call; i++)
            {
                var (offset, send) = acknowledged[i];
                if (send.Return < poll.Operation.Call && !offsets.Contains(offset) && lost.Add(offset))
                {
                    counts.Lost++;
                    evidence.Add($"lost: {send}; {poll.Told(name, offset)}");
                }
            }
        }

        counts.Unread += acknowledged.Count(send => !seen.Contains(send.Offset) && !lost.Contains(send.Offset));
    }

    /// <summary>At each place, when the first of the records from there on was acknowledged.</summary>
    private static long[] EarliestFrom(List<(long Offset, Operation Send)> acknowledged)
    {
        var earliest = new long[acknowledged.Count];
        for (var (i, first) = (acknowledged.Count - 1, long.MaxValue); i >= 0; i--)
        {
            earliest[i] = first = Math.Min(first, acknowledged[i].Send.Return);
        }

        return earliest;
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
