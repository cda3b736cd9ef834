using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>Where a starting node looks for its cluster, and how patiently.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Most seeds: a few well-known nodes; the members beyond them need not be listed anywhere.</summary>
    public const int MaxSeeds = 16;

    public required string ClusterName { get; init; }

    /// <summary>This node's own address, written as in the seed lists.</summary>
    public required NodeAddress Self { get; init; }

    /// <summary>The seeds in order, the same list on every node: the first one, and no other, may form a new cluster.</summary>
    public required ImmutableArray<NodeAddress> Seeds { get; init; }

    /// <summary>How long one round of asking seeds waits for their answers; the round of a first seed must end before it forms a cluster.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a join may take: it has to be committed by group 0, which may just be electing a leader.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Pause after the first round that came to nothing; it doubles with each, up to <see cref="RetryPauseMax"/>.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between rounds: a waiting node costs each seed four small messages a second, and is in soon after the cluster stands.</summary>
    public TimeSpan RetryPauseMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal void Validate()
    {
        if (Seeds.IsDefaultOrEmpty || Seeds.Length > MaxSeeds || Seeds.Distinct().Count() != Seeds.Length)
        {
            throw new ArgumentException(
                $"the seed list is [{(Seeds.IsDefault ? "" : string.Join(", ", Seeds))}]; it must name 1 to {MaxSeeds} different addresses. To form a cluster alone, name this node itself: {Self}");
        }

        if (RetryPause <= TimeSpan.Zero || RetryPauseMax < RetryPause || AnswerTimeout <= TimeSpan.Zero || JoinTimeout <= TimeSpan.Zero)
        {
            throw new ArgumentException(
                $"{nameof(RetryPause)} ({RetryPause}), {nameof(AnswerTimeout)} ({AnswerTimeout}) and {nameof(JoinTimeout)} ({JoinTimeout}) must be above zero, "
                + $"and {nameof(RetryPauseMax)} ({RetryPauseMax}) not below {nameof(RetryPause)}");
        }
    }
}
