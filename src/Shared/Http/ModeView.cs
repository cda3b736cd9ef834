namespace Cluster.Shared.Http;

/// <summary>A mode as <c>GET /modes</c> lists it: what it claims, and what it can be asked on this node. The console makes its palette from it.</summary>
/// <param name="Bugs">Names of its deliberately broken variants.</param>
public sealed record ModeView(string Slug, string Family, string Claim, IReadOnlyList<string> Bugs, IReadOnlyList<ModeOperationView> Operations)
{
    /// <summary>Of a storage mode: what it says of itself; null for any other.</summary>
    public StorageView? Storage { get; init; }
}
