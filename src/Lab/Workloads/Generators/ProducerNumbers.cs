using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// An idempotent producer's numbers, which are the values that it sends: <c>NAME.EPOCH.SEQUENCE</c>. A sequence counts for each partition. What was not answered is sent again, to whichever
/// node, until it is; one that is refused, or never answered, ends the epoch, since what comes after it would be out of order (KIP-360).
/// </summary>
internal sealed class ProducerNumbers(string name)
{
    /// <summary>How often a record is sent: some failovers' time.</summary>
    private const int MostSends = 40;

    private readonly Dictionary<string, long> next = new(StringComparer.Ordinal);
    private long epoch;
    private int sends;

    /// <summary>What is to be sent again, and where; null when nothing is.</summary>
    public Request? Again { get; private set; }

    /// <summary>What is sent next to this partition.</summary>
    public Request Next(string partition) => new("send", partition, string.Create(CultureInfo.InvariantCulture, $"{name}.{epoch}.{next.GetValueOrDefault(partition)}"));

    public void Saw(Request send, in StoreAnswer answer)
    {
        sends++;
        if (answer.Outcome != Outcome.Ok && !answer.IsConflict && sends < MostSends)
        {
            Again = send;
            return;
        }

        (Again, sends) = (null, 0);
        if (answer.Outcome == Outcome.Ok)
        {
            next[send.Key] = next.GetValueOrDefault(send.Key) + 1;
        }
        else
        {
            epoch++;
            next.Clear();
        }
    }
}
