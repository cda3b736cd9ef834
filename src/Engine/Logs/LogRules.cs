using System.Text;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Logs;

/// <summary>What is wrong with a command whatever the state: checked before anything travels, and once more where it is decided.</summary>
internal static class LogRules
{
    /// <summary>Null when nothing is.</summary>
    public static string? WhyNot(LogCommand command) => command.BodyCase switch
    {
        LogCommand.BodyOneofCase.Transaction => WhyNot(command.Transaction),
        LogCommand.BodyOneofCase.Fetch => WhyNotName("a partition", command.Fetch.Partition)
            ?? (command.Fetch.MaxBytes > LogBounds.MaxFetchBytes ? $"a fetch takes up to {LogBounds.MaxFetchBytes} bytes, not {command.Fetch.MaxBytes}" : null),
        LogCommand.BodyOneofCase.ReadStream => WhyNotName("a partition", command.ReadStream.Partition)
            ?? (command.ReadStream.MaxRecords is 0 or > LogBounds.MaxStreamRecords ? $"a read of a stream takes 1 to {LogBounds.MaxStreamRecords} records, not {command.ReadStream.MaxRecords}" : null),
        LogCommand.BodyOneofCase.Describe => WhyNotName("a partition", command.Describe.Partition),
        _ => "the command says nothing",
    };

    private static string? WhyNot(LogTransaction transaction)
    {
        if (transaction.Steps.Count is 0 or > LogBounds.MaxSteps)
        {
            return $"a transaction has 1 to {LogBounds.MaxSteps} steps, not {transaction.Steps.Count}";
        }

        if (transaction.CalculateSize() is var size && size > LogBounds.MaxTransactionBytes)
        {
            return $"a transaction has up to {LogBounds.MaxTransactionBytes} bytes, not {size}";
        }

        foreach (var step in transaction.Steps)
        {
            if (WhyNot(step) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static string? WhyNot(LogStep step) => WhyNotName("a partition", step.Partition) ?? step.BodyCase switch
    {
        LogStep.BodyOneofCase.Append => WhyNot(step.Append),
        LogStep.BodyOneofCase.Claim => WhyNotName("a group", step.Claim.Group) ?? WhyNotName("a member", step.Claim.Member),
        LogStep.BodyOneofCase.Commit => WhyNotName("a group", step.Commit.Group) ?? WhyNotName("a member", step.Commit.Member),
        LogStep.BodyOneofCase.Forget => WhyNotName("a group", step.Forget.Group),
        LogStep.BodyOneofCase.Configure => null,
        _ => $"a step for {step.Partition} says nothing",
    };

    private static string? WhyNot(LogAppend append) =>
        append.Records.Count is 0 or > LogBounds.MaxRecords ? $"an append has 1 to {LogBounds.MaxRecords} records, not {append.Records.Count}"
        : append.CalculateSize() is var size && size > LogBounds.MaxBatchBytes ? $"an append has up to {LogBounds.MaxBatchBytes} bytes, not {size}"
        : append.Producer.Length > 0 ? WhyNotName("a producer", append.Producer)
        : append.Sequence > 0 || append.Epoch > 0 ? "an append has a sequence number or an epoch, and no producer"
        : null;

    private static string? WhyNotName(string what, string name) => Encoding.UTF8.GetByteCount(name) is var bytes && bytes is 0 or > LogBounds.MaxNameBytes
        ? $"{what} has a name of 1 to {LogBounds.MaxNameBytes} bytes, not {bytes}"
        : null;
}
