using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// An idempotent producer's numbers, which are the values that it sends: <c>NAME.EPOCH.SEQUENCE</c>. A sequence counts for each partition; a batch whose outcome is unknown or that was
/// refused ends the epoch, since what comes after it would be out of order (KIP-360).
/// </summary>
internal sealed class ProducerNumbers(string name)
{
    private readonly Dictionary<string, long> next = new(StringComparer.Ordinal);
    private long epoch;

    /// <summary>What is sent next to this partition.</summary>
    public string Next(string partition) => string.Create(CultureInfo.InvariantCulture, $"{name}.{epoch}.{next.GetValueOrDefault(partition)}");

    public void Saw(string partition, in StoreAnswer answer)
    {
        if (answer.Outcome == Outcome.Ok)
        {
            next[partition] = next.GetValueOrDefault(partition) + 1;
        }
        else
        {
            epoch++;
            next.Clear();
        }
    }
}
