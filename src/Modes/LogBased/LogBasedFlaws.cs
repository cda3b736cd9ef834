using Cluster.Engine.Flaws;

namespace Cluster.Modes.LogBased;

/// <summary>Ways to build a log's clients and consumers wrong, each of which its lab must find.</summary>
internal static class LogBasedFlaws
{
    public const string RetryAppendsTwice = "retry-appends-twice";
    public const string ZombieCommits = "zombie-commits";
    public const string CommitApart = "commit-apart";

    public static IReadOnlyList<PlantedFlaw> All { get; } =
    [
        new PlantedFlaw { Name = RetryAppendsTwice, Breaks = "appends without looking at the producer's sequence number: a batch that is sent again stands there twice" },
        new PlantedFlaw { Name = ZombieCommits, Breaks = "takes a commit under any generation and from anywhere: a member that slept through a rebalance processes what its successor has" },
        new PlantedFlaw { Name = CommitApart, Breaks = "commits the input's offset first and appends the output by itself: what fails between the two is skipped" },
    ];
}
