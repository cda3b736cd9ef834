using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>How the sentences name what they speak of.</summary>
internal static class Words
{
    /// <summary>A value longer than this is not read but skipped.</summary>
    private const int MaxShown = 60;

    public static string Who(Operation operation) => $"process {operation.Process.ToString(CultureInfo.InvariantCulture)}";

    public static string Show(string? value) => value is null ? "nothing" : value.Length <= MaxShown ? $"\"{value}\"" : $"\"{value[..MaxShown]}...\"";

    /// <summary>When it was asked.</summary>
    public static string Asked(Operation operation) => Instant.Of(operation.Call);

    /// <summary>When it was answered.</summary>
    public static string Answered(Operation operation) => Instant.Of(operation.Return);

    /// <summary>Of a value that nobody put there.</summary>
    /// <param name="failed">Who tried and was told that it had not been done; null where nobody did.</param>
    public static string NobodyHad(string done, string toDo, Operation? failed) =>
        failed is null ? $"which nobody had {done}" : $"which {Who(failed)} tried to {toDo}, and was told by {Answered(failed)} that it had failed";

    /// <summary>The operation as the beginning of a sentence, with its answer and when it was asked.</summary>
    public static string Told(Operation operation) => operation.Op switch
    {
        "read" => operation.Output is null ? $"{Who(operation)} found nothing at {Asked(operation)}" : $"{Who(operation)} read {Show(operation.Output)} at {Asked(operation)}",
        "cas" when operation.Output != "false" => $"{Who(operation)} replaced {Show(operation.Input[0])} with {Show(operation.Input[1])} at {Asked(operation)}",
        "incr" when operation.Output is not null => $"{Who(operation)} counted to {operation.Output} at {Asked(operation)}",
        "dequeue" => operation.Output is null ? $"{Who(operation)} found the queue empty at {Asked(operation)}" : $"{Who(operation)} took {Show(operation.Output)} at {Asked(operation)}",
        "cas" => $"{Who(operation)} was told at {Answered(operation)} that the key does not hold {Show(operation.Input[0])}",
        _ => $"{Who(operation)} was answered at {Answered(operation)}",
    };
}
