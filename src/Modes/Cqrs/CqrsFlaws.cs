using Cluster.Engine.Flaws;

namespace Cluster.Modes.Cqrs;

/// <summary>Ways to build it wrong, each of which the lab must find.</summary>
internal static class CqrsFlaws
{
    public const string DecideOnce = "decide-once";
    public const string ProjectTwice = "project-twice";
    public const string IgnoreToken = "ignore-token";

    public static IReadOnlyList<PlantedFlaw> All { get; } =
    [
        new PlantedFlaw { Name = DecideOnce, Breaks = "after a conflict appends what was decided on the old version, without deciding anew: an order that was cancelled is paid" },
        new PlantedFlaw { Name = ProjectTwice, Breaks = "a view's position is noted after its rows, apart from them: a projector that goes on for one that has died between counts events again" },
        new PlantedFlaw { Name = IgnoreToken, Breaks = "a query does not wait for its token: a client does not find what it has just written" },
    ];
}
