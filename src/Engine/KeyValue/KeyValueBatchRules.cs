using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>What is wrong with a batch whatever the state: its bounds, those of what it holds, and what a batch may hold. One mistake refuses all of it.</summary>
internal static class KeyValueBatchRules
{
    /// <returns>Null when nothing is wrong.</returns>
    public static KvReply? Violated(KvCommand batch)
    {
        var (operations, bytes) = (0, 0L);
        return Violated(batch, inBatch: false, ref operations, ref bytes);
    }

    private static KvReply? Violated(KvCommand batch, bool inBatch, ref int operations, ref long bytes)
    {
        operations += batch.Operations.Count + batch.Guards.Count;
        if (operations > KvLimits.MaxBatchOperations)
        {
            return Over($"the batch has more than the {KvLimits.MaxBatchOperations} operations that are taken at once");
        }

        foreach (var guard in batch.Guards)
        {
            bytes += guard.Key.Length;
        }

        foreach (var operation in batch.Operations)
        {
            var refusal = operation.Op switch
            {
                KvOp.Batch => inBatch ? KeyValueRules.Bad("a batch in a batch holds no batch") : Violated(operation, inBatch: true, ref operations, ref bytes),
                KvOp.Scan or KvOp.Count or KvOp.Clear or KvOp.RandomKey => KeyValueRules.Bad($"{operation.Op} is of a whole shard: a batch is of keys of one slot"),
                _ => KeyValueRules.Violated(operation),
            };
            if (refusal is not null)
            {
                return refusal;
            }

            bytes += operation.Key.Length + operation.Value.Length + operation.Expected.Length + operation.Target.Length;
        }

        return bytes > KvLimits.MaxBatchBytes ? Over($"the batch's keys and values have more than the {KvLimits.MaxBatchBytes} bytes that are taken at once") : null;
    }

    private static KvReply Over(string detail) => new() { Status = KvStatus.TooLarge, Detail = detail };
}
