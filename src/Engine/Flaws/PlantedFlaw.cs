using Cluster.Engine.Consensus;

namespace Cluster.Engine.Flaws;

/// <summary>A bug that a node may be started with on purpose, so that a checker is shown to find it. See <see cref="FlawCatalog"/>.</summary>
public sealed record PlantedFlaw
{
    /// <summary>By which it is asked for: <c>no-fsync</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, and what promise that breaks, in one line.</summary>
    public required string Breaks { get; init; }

    internal RaftFlaws Raft { get; init; }

    internal EngineFlaws Engine { get; init; }

    public override string ToString() => Name;
}
