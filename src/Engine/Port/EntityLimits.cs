namespace Cluster.Engine.Port;

/// <summary>Bounds of sharded entities. What is over one is refused with words that name it; nothing is cut short.</summary>
public static class EntityLimits
{
    /// <summary>Longest entity id, in bytes of UTF-8: it travels with each command and event.</summary>
    public const int MaxIdBytes = 256;

    /// <summary>Longest command, event or reply, in bytes of its JSON.</summary>
    public const int MaxMessageBytes = 1024 * 1024;

    /// <summary>All events of one decision, in bytes: they are one log entry, and its replication holds up the shard.</summary>
    public const int MaxDecisionBytes = 4 * 1024 * 1024;

    /// <summary>State past which an entity takes no more events, in bytes of its JSON: it is written anew for every snapshot.</summary>
    public const int MaxStateBytes = 16 * 1024 * 1024;

    /// <summary>Entities of one type in one shard, at rest or not. More belong into more shards.</summary>
    public const int MaxEntitiesPerShard = 1_000_000;

    /// <summary>Messages that wait in one node's region for those before them to the same entity.</summary>
    public const int MaxWaitingTells = 100_000;
}
