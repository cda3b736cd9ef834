using System.Text.Json;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Transactions;

/// <summary>A transaction of appends and reads as its client saw it.</summary>
internal sealed record Transaction(Operation Operation, IReadOnlyList<MicroOperation> Steps)
{
    public bool IsCommitted => Operation.Outcome == Outcome.Ok;

    /// <summary>The steps of a txn operation: what was answered where it was, else what was asked. Null if it is none.</summary>
    public static Transaction? TryRead(Operation operation)
    {
        if (operation.Op != "txn")
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(operation is { Outcome: Outcome.Ok, Output: { } answered } ? answered : "[" + string.Join(',', operation.Input) + "]");
            return new Transaction(operation, [.. document.RootElement.EnumerateArray().Select(MicroOperation.Read)]);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    public override string ToString() => $"process {Operation.Process}, {Instant.Of(Operation.Call)} to {Instant.Of(Operation.Return)}: {string.Join(", ", Steps)}";
}
