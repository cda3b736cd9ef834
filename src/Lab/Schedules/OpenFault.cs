using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>A fault that has begun: its roles are filled.</summary>
/// <param name="Nodes">Whom it strikes.</param>
/// <param name="Sides">Of a split: who hears whom, as people write it (<c>n1,n2 / n3</c>), and who stands on none of them is the bridge; null for other faults.</param>
internal sealed record OpenFault(PlannedFault Plan, IReadOnlyList<string> Nodes, IReadOnlyList<string>? Sides = null)
{
    /// <summary>As it stands in the history.</summary>
    public string Target => Sides is null ? string.Join(',', Nodes) : string.Join(" / ", Sides);

    public FaultType Kind => Plan.Kind;

    /// <summary>Whether it strikes the links between its sides, and nothing within one.</summary>
    public bool IsBetweenSides => Plan.Target == FaultRole.Wan;

    /// <summary>Whether the two stand on different sides.</summary>
    public bool AreApart(string one, string other) => SideOf(one) is { } here && SideOf(other) is { } there && here != there;

    private string? SideOf(string node) => Sides?.FirstOrDefault(side => side.Split(',').Contains(node));
}
