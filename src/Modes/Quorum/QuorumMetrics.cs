using System.Diagnostics.Metrics;

namespace Cluster.Modes.Quorum;

/// <summary>What this mode measures on one node.</summary>
internal sealed class QuorumMetrics(Meter meter)
{
    private readonly UpDownCounter<long> hints = meter.CreateUpDownCounter<long>("quorum.hints", "{key}", "Keys that this node keeps for others until it can hand them over");
    private readonly Counter<long> repairs = meter.CreateCounter<long>("quorum.repairs", "{copy}", "Copies that were brought up to date: by readers of this node, and by comparisons on it");
    private readonly Counter<long> differences = meter.CreateCounter<long>("quorum.merkle.differences", "{key}", "Keys in which this node and another differed when they compared their trees");

    public void HintsChanged(int more)
    {
        if (more != 0)
        {
            hints.Add(more);
        }
    }

    public void Repaired(int copies)
    {
        if (copies != 0)
        {
            repairs.Add(copies);
        }
    }

    public void Differed(int keys)
    {
        if (keys != 0)
        {
            differences.Add(keys);
        }
    }
}
