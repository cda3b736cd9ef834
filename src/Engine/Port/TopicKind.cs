namespace Cluster.Engine.Port;

/// <summary>What a subscription is to. The numbers travel.</summary>
public enum TopicKind
{
    /// <summary>One topic.</summary>
    Topic = 0,

    /// <summary>All topics whose name matches a glob.</summary>
    Pattern = 1,

    /// <summary>One topic of the second name space, Redis's shard channels: its name's hash slot says which node a redirecting cluster's clients use. Patterns do not match it.</summary>
    Sharded = 2,
}
