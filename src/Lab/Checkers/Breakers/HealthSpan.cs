namespace Cluster.Lab.Checkers.Breakers;

/// <summary>A time in which a dependency was known to be in one health: from the answer to who set it until somebody set it again. Nanoseconds.</summary>
internal sealed record HealthSpan(string Name, string Kind, long From, long Until)
{
    public bool IsWell => Kind == "fast";

    public bool Contains(long call, long end) => call >= From && end <= Until;
}
