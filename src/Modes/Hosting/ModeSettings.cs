using Cluster.Modes.Postgres;

namespace Cluster.Modes.Hosting;

/// <summary>What whoever starts a node tells its modes: where what they need outside the cluster is to be found.</summary>
public sealed record ModeSettings
{
    /// <summary>Nothing outside the cluster: a mode that needs something says so to whoever asks it.</summary>
    public static readonly ModeSettings None = new();

    /// <summary>The PostgreSQL that all nodes share; null: there is none.</summary>
    public PostgresAddress? Postgres { get; init; }

    /// <summary>How the node uses it.</summary>
    public PostgresOptions PostgresUse { get; init; } = new();
}
