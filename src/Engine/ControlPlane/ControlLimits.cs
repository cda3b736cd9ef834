namespace Cluster.Engine.ControlPlane;

/// <summary>Bounds of what the control plane holds. A command over one is refused with <c>Limit</c> or <c>BadCommand</c>; nothing in its state grows past them.</summary>
public static class ControlLimits
{
    /// <summary>Hash slots, as in Redis Cluster.</summary>
    public const int Slots = 16_384;

    /// <summary>Members that are not removed. Each sends a heartbeat to each other, so the traffic grows with the square.</summary>
    public const int MaxMembers = 128;

    /// <summary>Shards of one cluster: each is a Raft group with timers and heartbeats on every node that holds it.</summary>
    public const int MaxShards = 1_024;

    /// <summary>Replicas of one shard: seven survive three failures; more only slow commits down.</summary>
    public const int MaxReplicationFactor = 7;

    /// <summary>Singletons placed at once.</summary>
    public const int MaxSingletons = 256;

    /// <summary>
    /// Removed members remembered by uid, the oldest forgotten first. One that is forgotten is still refused by the number in its data directory.
    /// </summary>
    public const int MaxRemoved = 1_024;

    /// <summary>Roles of one member.</summary>
    public const int MaxRoles = 16;

    /// <summary>Length of a cluster's name or id, of a role, of a singleton's name, in characters.</summary>
    public const int MaxNameLength = 64;
}
