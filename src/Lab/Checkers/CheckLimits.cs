namespace Cluster.Lab.Checkers;

/// <summary>
/// Bounds of a search for an order. Deciding linearizability is NP-complete (Gibbons and Korach 1997), so a search without bounds may never end;
/// one that meets a bound answers unknown.
/// </summary>
/// <param name="Time">For the whole history.</param>
/// <param name="MaxConfigurations">Remembered configurations for each key; about 100 bytes each.</param>
public sealed record CheckLimits(TimeSpan Time, int MaxConfigurations)
{
    /// <summary>One minute, and some 400 MB: what a laptop can spare.</summary>
    public static CheckLimits Default { get; } = new(TimeSpan.FromMinutes(1), 4_000_000);
}
