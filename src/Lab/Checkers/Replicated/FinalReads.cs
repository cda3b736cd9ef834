using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Replicated;

/// <summary>What replicas say of a key once nobody changes it any more.</summary>
internal static class FinalReads
{
    /// <summary>The last read of each node that was called after every change of the key had ended.</summary>
    public static IReadOnlyList<Operation> Of(IEnumerable<Operation> key)
    {
        var operations = key.ToList();
        var rest = operations.Where(operation => !operation.IsRead && operation.Outcome != Outcome.Fail).Select(operation => operation.Return).DefaultIfEmpty(long.MinValue).Max();
        return
        [
            .. operations.Where(operation => operation is { IsRead: true, Outcome: Outcome.Ok } && operation.Call > rest)
                .GroupBy(read => read.Node ?? "", StringComparer.Ordinal)
                .OrderBy(reads => reads.Key, StringComparer.Ordinal)
                .Select(reads => reads.MaxBy(read => read.Call)!),
        ];
    }
}
