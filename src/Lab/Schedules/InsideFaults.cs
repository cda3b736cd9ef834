using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Faults of one node's disk and clock that hold at one time.</summary>
public sealed record InsideFaults(DiskFaultView Disk, ClockFaultView Clock)
{
    public static readonly InsideFaults None = new(DiskFaultView.None, ClockFaultView.None);

    /// <summary>What all these faults together do to one node.</summary>
    public static InsideFaults Of(IEnumerable<PlannedFault> faults) => faults.Aggregate(None, static (sofar, fault) => fault.Kind switch
    {
        FaultType.SlowDisk => sofar with { Disk = sofar.Disk with { LatencyMs = Math.Max(sofar.Disk.LatencyMs, FaultAmount.FlushMs(fault)) } },
        FaultType.FullDisk => sofar with { Disk = sofar.Disk with { Full = true } },
        FaultType.FailFsync => sofar with { Disk = sofar.Disk with { FailFlush = true } },
        FaultType.ClockSkew => sofar with { Clock = sofar.Clock with { SkewMs = FaultAmount.SkewMs(fault) } },
        FaultType.ClockDrift => sofar with { Clock = sofar.Clock with { Rate = FaultAmount.Rate(fault) } },
        _ => sofar,
    });
}
