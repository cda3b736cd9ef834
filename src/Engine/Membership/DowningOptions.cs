namespace Cluster.Engine.Membership;

/// <summary>Whether members that stay silent are marked down by the cluster itself.</summary>
public sealed record DowningOptions
{
    /// <summary>Least time that <see cref="DownAfter"/> may be: well above what a restart takes, since a member that is down cannot come back on its data.</summary>
    public static readonly TimeSpan ShortestDownAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a member must have been suspected without a break before the control plane's leader marks it down. Null, the default: never; an unreachable
    /// member stays a member until somebody says <c>lab cluster down</c>. A crashed node comes back with its data, and its shards' majorities do without it
    /// meanwhile.
    /// </summary>
    public TimeSpan? DownAfter { get; init; }

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal void Validate()
    {
        if (DownAfter < ShortestDownAfter)
        {
            throw new ArgumentException($"{nameof(DownAfter)} is {DownAfter}; it must be at least {ShortestDownAfter}, or unset for never");
        }
    }
}
