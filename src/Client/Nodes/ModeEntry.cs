namespace Cluster.Client.Nodes;

/// <summary>One mode as <c>lab list -o json</c> gives it.</summary>
internal sealed record ModeEntry(string Slug, string Family, string Claim, IReadOnlyList<string> Bugs)
{
    /// <summary>Of a storage mode: what Redis clients SELECT; null for any other.</summary>
    public int? Database { get; init; }
}
