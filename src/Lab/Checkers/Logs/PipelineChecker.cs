using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Logs;

/// <summary>
/// Consume, process, produce exactly once: the output of each partition is its input, record by record, without one skipped, doubled or out of order; what whoever processed was told is
/// there; a table of the output is what the output says up to the table's offset; and the input keeps the rules of a log.
/// </summary>
public sealed class PipelineChecker : IChecker
{
    public string Name => "log-pipeline";

    public bool Understands(Operation operation) => PipelineHistory.Understands(operation);

    public CheckResult Check(History history)
    {
        if (PipelineHistory.Read(history) is not { } read)
        {
            return new CheckResult(Name, Verdict.Unknown, "an answer is no offset, no poll, no step and no table", []);
        }

        var input = new LogChecker().Check(new History(read.OnInputs, []));
        var evidence = new Evidence();
        foreach (var line in input.Details)
        {
            evidence.Add(line);
        }

        var made = 0;
        var broken = 0;
        foreach (var (partition, (from, to)) in read.Partitions)
        {
            made += to.Count;
            broken += CheckOutput(partition, [.. from.Values], to, evidence);
        }

        broken += CheckProcessed(read, evidence);
        var tables = CheckTables(read, evidence, ref broken);
        return evidence.Conclude(
            Name,
            $"input: {input.Summary}; {made} records made of it, {broken} broken; {tables} tables compared",
            broken > 0 || input.Verdict == Verdict.Violated,
            input.Verdict == Verdict.Unknown ? "of the input nothing can be said" : made == 0 ? "nothing was processed" : null);
    }

    /// <summary>The output is a beginning of the input: the first place where it is not tells what went wrong.</summary>
    private static int CheckOutput(string partition, List<string> input, SortedDictionary<long, string> output, Evidence evidence)
    {
        var places = input.Index().GroupBy(record => record.Item, record => record.Index).ToDictionary(record => record.Key, record => record.First(), StringComparer.Ordinal);
        var (next, broken, expected) = (0, 0, 0L);
        foreach (var (offset, value) in output)
        {
            if (offset != expected)
            {
                broken++;
                evidence.Add($"lost: the output of {partition} has nothing between offsets {expected} and {offset}");
            }

            expected = offset + 1;
            if (!places.TryGetValue(value, out var place))
            {
                broken++;
                evidence.Add($"phantom: offset {offset} of the output of {partition} holds \"{value}\", which is not in its input");
                continue;
            }

            if (place != next)
            {
                broken++;
                evidence.Add(place > next
                    ? $"skipped: the output of {partition} goes on at offset {offset} with \"{value}\", input {place}, where input {next} comes next"
                    : $"again: the output of {partition} has \"{value}\", input {place}, once more at offset {offset}, where input {next} comes next");
            }

            next = Math.Max(next, place + 1);
        }

        return broken;
    }

    private static int CheckProcessed(PipelineHistory read, Evidence evidence)
    {
        var outputs = read.Partitions.ToDictionary(partition => partition.Key, partition => partition.Value.Out.Values.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var lost = 0;
        foreach (var (operation, partition, values) in read.Processed)
        {
            foreach (var value in values.Where(value => outputs.TryGetValue(partition, out var there) && !there.Contains(value)))
            {
                lost++;
                evidence.Add($"lost: process {operation.Process} was told at {Instant.Of(operation.Return)} that it had made \"{value}\" in {partition}, and it is not there");
            }
        }

        return lost;
    }

    /// <returns>How many could be compared: for the others not every record that they rest on was polled.</returns>
    private static int CheckTables(PipelineHistory read, Evidence evidence, ref int broken)
    {
        var compared = 0;
        foreach (var (operation, partition, offset, table) in read.Tables)
        {
            if (!read.Partitions.TryGetValue(partition, out var logs))
            {
                continue;
            }

            var replayed = new Dictionary<string, string>(StringComparer.Ordinal);
            var records = 0;
            foreach (var (at, value) in logs.Out.TakeWhile(record => record.Key < offset))
            {
                records++;
                replayed[value.Split('.')[0]] = value;
            }

            if (records != offset)
            {
                continue;
            }

            compared++;
            if (replayed.Count != table.Count || replayed.Any(entry => table.GetValueOrDefault(entry.Key) != entry.Value))
            {
                broken++;
                evidence.Add($"table: process {operation.Process} was shown a table of {partition} at offset {offset} that is not what the records before it make: {table.Count} keys, {replayed.Count} by the log");
            }
        }

        return compared;
    }
}
