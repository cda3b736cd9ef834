namespace Cluster.Modes;

/// <summary>A mode as the catalogue names it, and as <c>lab list</c> shows it.</summary>
/// <param name="Slug">Lower case, words joined by hyphens.</param>
/// <param name="Family">The group of modes it belongs to.</param>
/// <param name="Claim">What it guarantees, in one line.</param>
/// <param name="Bugs">Names of its deliberately broken variants.</param>
public sealed record ModeDescription(string Slug, string Family, string Claim, IReadOnlyList<string> Bugs)
{
    /// <summary>Of a storage mode: the number by which Redis clients <c>SELECT</c> it; null for any other.</summary>
    public int? Database { get; init; }
}
