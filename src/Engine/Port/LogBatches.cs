using Cluster.Shared.Wire;

namespace Cluster.Engine.Port;

/// <summary>What a read of the durable log brought, record by record.</summary>
public static class LogBatches
{
    /// <summary>The records from an offset on, each with its batch's time (Unix, milliseconds). A batch is sent whole, so the first one may begin before.</summary>
    public static IEnumerable<(LogRecord Record, long AtMs)> Records(this LogReply reply, ulong from = 0)
    {
        ArgumentNullException.ThrowIfNull(reply);
        foreach (var bytes in reply.Batches)
        {
            var batch = LogBatch.Parser.ParseFrom(bytes);
            foreach (var record in batch.Records)
            {
                if (record.Offset >= from)
                {
                    yield return (record, batch.AtMs);
                }
            }
        }
    }
}
