using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Logs;

/// <summary>
/// A history of consume, process, produce, read. Keys end in <c>in0</c>, <c>out0</c>, <c>table0</c> or <c>group</c>: send [value] -> offset and poll [from] -> [[offset, value], ...] on an input, poll on
/// an output, process -> {"to": N, "values": [...]} on an output, table -> {"offset": N, "table": {...}}.
/// </summary>
internal sealed class PipelineHistory
{
    private PipelineHistory()
    {
    }

    /// <summary>Sends and polls of inputs, for the rules of a log.</summary>
    public required IReadOnlyList<Operation> OnInputs { get; init; }

    /// <summary>By partition, what polls saw of the input and of the output, by offset.</summary>
    public required IReadOnlyDictionary<string, (SortedDictionary<long, string> In, SortedDictionary<long, string> Out)> Partitions { get; init; }

    /// <summary>What whoever processed was told that it had made, by partition.</summary>
    public required IReadOnlyList<(Operation Operation, string Partition, IReadOnlyList<string> Values)> Processed { get; init; }

    public required IReadOnlyList<(Operation Operation, string Partition, long Offset, IReadOnlyDictionary<string, string> Table)> Tables { get; init; }

    public static bool Understands(Operation operation) => (operation.Op, KindOf(operation.Key)) switch
    {
        ("send", "in") => operation.Input is [not null],
        ("poll", "in" or "out") or ("join", "group") or ("process", "out") or ("table", "table") => true,
        _ => false,
    };

    /// <summary>Null where an answer is none of this workload.</summary>
    public static PipelineHistory? Read(History history)
    {
        try
        {
            var partitions = new SortedDictionary<string, (SortedDictionary<long, string> In, SortedDictionary<long, string> Out)>(StringComparer.Ordinal);
            var answered = history.Operations.Where(operation => operation is { Outcome: Outcome.Ok, Output: not null }).ToList();
            foreach (var poll in answered.Where(operation => operation.Op == "poll"))
            {
                var name = PartitionOf(poll.Key);
                var seen = partitions.TryGetValue(name, out var known) ? known : partitions[name] = ([], []);
                foreach (var (offset, value) in RecordsOf(poll.Output!))
                {
                    (KindOf(poll.Key) == "in" ? seen.In : seen.Out)[offset] = value;
                }
            }

            return new PipelineHistory
            {
                OnInputs = [.. history.Operations.Where(operation => KindOf(operation.Key) == "in")],
                Partitions = partitions,
                Processed = [.. answered.Where(operation => operation.Op == "process").Select(operation => (operation, PartitionOf(operation.Key), ValuesOf(operation.Output!)))],
                Tables = [.. answered.Where(operation => operation.Op == "table").Select(TableOf)],
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<char> Stem(string key) => key.AsSpan().TrimEnd("0123456789");

    private static string KindOf(string key)
    {
        var stem = Stem(key);
        return stem.EndsWith("in") ? "in" : stem.EndsWith("out") ? "out" : stem.EndsWith("table") ? "table" : stem.EndsWith("group") ? "group" : "";
    }

    /// <summary>What input, output and table have in common: the key without its kind.</summary>
    private static string PartitionOf(string key) => string.Concat(Stem(key)[..^KindOf(key).Length], key.AsSpan(Stem(key).Length));

    private static IReadOnlyList<(long Offset, string Value)> RecordsOf(string output)
    {
        using var document = JsonDocument.Parse(output);
        return [.. document.RootElement.EnumerateArray().Select(record => (record[0].GetInt64(), record[1].GetString() ?? ""))];
    }

    private static IReadOnlyList<string> ValuesOf(string output)
    {
        using var document = JsonDocument.Parse(output);
        return [.. document.RootElement.GetProperty("values").EnumerateArray().Select(value => value.GetString() ?? "")];
    }

    private static (Operation Operation, string Partition, long Offset, IReadOnlyDictionary<string, string> Table) TableOf(Operation operation)
    {
        using var document = JsonDocument.Parse(operation.Output!);
        var table = document.RootElement.GetProperty("table").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "", StringComparer.Ordinal);
        return (operation, PartitionOf(operation.Key), document.RootElement.GetProperty("offset").GetInt64(), table);
    }
}
