namespace Cluster.Modes.CapTunable;

/// <summary>Everything that was acknowledged by then is within that position.</summary>
/// <param name="At">On the clock of the node that asked, which never goes back.</param>
internal sealed record Freshness(long Position, TimeSpan At);
