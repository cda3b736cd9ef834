using Cluster.Shared.Http;

namespace Cluster.Lab.Faults;

/// <summary>What to change about a node's clock; null leaves a part as it is.</summary>
public sealed record ClockChange(long? SkewMs = null, double? Rate = null)
{
    public bool IsEmpty => this == new ClockChange();

    public ClockFaultView ApplyTo(ClockFaultView before) => new(SkewMs ?? before.SkewMs, Rate ?? before.Rate);
}
