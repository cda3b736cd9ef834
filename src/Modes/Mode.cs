using Cluster.Shared.Scenarios;

namespace Cluster.Modes;

/// <summary>A mode of distributed systems: what it claims, and the lab that shows it. The slug is the CLI argument, the HTTP route and the row of the generated table.</summary>
/// <param name="Slug">Lower case, words joined by hyphens.</param>
/// <param name="Family">The group of modes it belongs to.</param>
/// <param name="Claim">What it guarantees, in one line.</param>
public sealed record Mode(string Slug, string Family, string Claim, Scenario Lab)
{
    public ModeDescription Description => new(Slug, Family, Claim, [.. Lab.Bugs.Select(bug => bug.Name)]);
}
