namespace Cluster.Modes.SharedNothing;

/// <summary>The replicated shards of the key-value store: each node its own processor, memory and log, and no node that all need. The protocol is the engine's own.</summary>
public static class SharedNothingMode
{
    public const string Slug = "shared-nothing";

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "Linearizable keys on Raft-replicated shards; any one node of three may die, and nothing acknowledged is lost.",
        SharedNothingLab.Scenario);
}
