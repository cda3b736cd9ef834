namespace Cluster.Modes.SharedNothing;

/// <summary>The replicated shards of the key-value store: each node its own processor, memory and log, and no node that all need.</summary>
public static class SharedNothingMode
{
    public static ModeDescription Description { get; } = new(
        "shared-nothing",
        "storage",
        "Linearizable keys on Raft-replicated shards; any one node of three may die, and nothing acknowledged is lost.",
        []);
}
