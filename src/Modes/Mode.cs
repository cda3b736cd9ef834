using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Modes;

/// <summary>A mode of distributed systems: what it claims, and the lab that shows it. The slug is the CLI argument, the HTTP route and the row of the generated table.</summary>
/// <param name="Slug">Lower case, words joined by hyphens.</param>
/// <param name="Family">The group of modes it belongs to.</param>
/// <param name="Claim">What it guarantees, in one line.</param>
public sealed record Mode(string Slug, string Family, string Claim, Scenario Lab)
{
    /// <summary>What it brings to every node; nothing where the engine itself is the mode.</summary>
    public ModeParts Parts { get; init; } = ModeParts.None;

    /// <summary>Of a storage mode: what it claims, and what it is compared by; null for any other.</summary>
    public StorageContract? Storage { get; init; }

    public ModeDescription Description => new(Slug, Family, Claim, [.. Lab.Bugs.Select(bug => bug.Name)]) { Database = Storage?.Database };

    /// <summary>What a node tells of it: the operations and their arguments too.</summary>
    public ModeView View => new(Slug, Family, Claim, Description.Bugs, [.. Parts.Operations.Select(operation => operation.View)]) { Storage = Storage?.View };

    /// <summary>The operation of that name; null if there is none.</summary>
    public ModeOperation? FindOperation(string name) => Parts.Operations.FirstOrDefault(operation => operation.Name == name);
}
