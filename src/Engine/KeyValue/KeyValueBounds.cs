using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>The store's bounds (<see cref="KvLimits"/>) as a refusal in words.</summary>
internal static class KeyValueBounds
{
    /// <summary>The first bound that the command is over; null when it is within all.</summary>
    public static ClusterError? Violated(KvCommand command) => command.Op == KvOp.Batch
        ? KeyValueBatchRules.Violated(command) is { } refusal ? new ClusterError(ErrorCode.BadRequest, refusal.Detail) : null
        : command.Key.Length > KvLimits.MaxKeyBytes ? TooLarge("key", command.Key.Length, KvLimits.MaxKeyBytes)
        : command.Target.Length > KvLimits.MaxKeyBytes ? TooLarge("key", command.Target.Length, KvLimits.MaxKeyBytes)
        : command.Value.Length > KvLimits.MaxValueBytes ? TooLarge("value", command.Value.Length, KvLimits.MaxValueBytes)
        : command.Expected.Length > KvLimits.MaxValueBytes ? TooLarge("expected value", command.Expected.Length, KvLimits.MaxValueBytes)
        : null;

    private static ClusterError TooLarge(string what, int bytes, int most) =>
        new(ErrorCode.BadRequest, $"the {what} is {bytes} bytes long, the longest allowed is {most}");
}
