using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Faults of one node's disk and clock that hold at one time.</summary>
/// <param name="FlushDelayMs">Added to each flush, in milliseconds.</param>
/// <param name="DiskFull">Nothing more can be written.</param>
/// <param name="FlushFails">Every flush fails.</param>
/// <param name="SkewMs">Added to the wall clock, in milliseconds.</param>
/// <param name="Rate">How fast its clocks run; 1 is right.</param>
public sealed record InsideFaults(int FlushDelayMs = 0, bool DiskFull = false, bool FlushFails = false, int SkewMs = 0, double Rate = 1)
{
    public static readonly InsideFaults None = new();

    /// <summary>What all these faults together do to one node.</summary>
    public static InsideFaults Of(IEnumerable<PlannedFault> faults) => faults.Aggregate(None, (sofar, fault) => fault.Kind switch
    {
        FaultType.SlowDisk => sofar with { FlushDelayMs = Math.Max(sofar.FlushDelayMs, FaultAmount.FlushMs(fault)) },
        FaultType.FullDisk => sofar with { DiskFull = true },
        FaultType.FailFsync => sofar with { FlushFails = true },
        FaultType.ClockSkew => sofar with { SkewMs = FaultAmount.SkewMs(fault) },
        FaultType.ClockDrift => sofar with { Rate = FaultAmount.Rate(fault) },
        _ => sofar,
    });
}
