namespace Cluster.Modes.MultiMaster;

/// <summary>Names one update: the replica that took it, and how many it had taken with it. As in Preguiça et al., "Brief Announcement: Efficient Causality Tracking in Distributed Storage Systems with Dotted Version Vectors" (2012).</summary>
/// <param name="Replica">One life of one node's data.</param>
/// <param name="Number">From 1, without gaps, over all keys of the replica.</param>
public readonly record struct Dot(string Replica, long Number)
{
    public override string ToString() => FormattableString.Invariant($"{Replica}:{Number}");
}
