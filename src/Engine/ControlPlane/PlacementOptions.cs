namespace Cluster.Engine.ControlPlane;

/// <summary>How shards are moved about: when a silent member's replicas are built elsewhere, and how much moves at once.</summary>
public sealed record PlacementOptions
{
    /// <summary>Least time that <see cref="ReplaceAfter"/> may be: below it a restart would move data.</summary>
    public static readonly TimeSpan ShortestReplaceAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a member must have been suspected without a break before its replicas are built again on others that have room for them. It stays a member, and
    /// may come back: it drops what it holds no more and is given other replicas. Null: never. Five minutes: longer than a restart or an update takes, shorter
    /// than the mean time to a second failure by far.
    /// </summary>
    public TimeSpan? ReplaceAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Most shards whose new replica is on its way to one node: each may be a snapshot of which a piece is in memory and on the link, and all of them go to one disk.
    /// </summary>
    public int MaxArrivingPerNode { get; init; } = 4;

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal PlacementOptions Validate()
    {
        if (ReplaceAfter < ShortestReplaceAfter)
        {
            throw new ArgumentException($"{nameof(ReplaceAfter)} is {ReplaceAfter}; it must be at least {ShortestReplaceAfter}, or unset for never");
        }

        return MaxArrivingPerNode > 0 ? this : throw new ArgumentException($"{nameof(MaxArrivingPerNode)} is {MaxArrivingPerNode}; it must be at least 1, or nothing could ever move");
    }
}
