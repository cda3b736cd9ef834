using Cluster.Engine.Flaws;

namespace Cluster.Engine.PubSub;

/// <summary>Bounds and times of publish-subscribe. The same on every node: each refuses what another could not have allowed.</summary>
public sealed record PubSubOptions
{
    /// <summary>Longest topic, in bytes: names are in every message and in every node's memory.</summary>
    public int MaxTopicBytes { get; init; } = 1_024;

    /// <summary>Longest pattern, in bytes: matching takes pattern times topic in the worst case, for each message.</summary>
    public int MaxPatternBytes { get; init; } = 256;

    /// <summary>Longest name of a group, in characters.</summary>
    public int MaxGroupLength { get; init; } = 64;

    /// <summary>Longest message, in bytes: 32 of the longest are what a RESP subscriber may be behind before it is cut off.</summary>
    public int MaxMessageBytes { get; init; } = 1024 * 1024;

    /// <summary>Topics, sharded topics and groups with subscribers on one node: every node keeps a line for each.</summary>
    public int MaxTopics { get; init; } = 100_000;

    /// <summary>Names of a node's topics and patterns together, in bytes: what a node that joins has to be told, by each.</summary>
    public int MaxNameBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Patterns with subscribers on one node: each is tried on each message.</summary>
    public int MaxPatterns { get; init; } = 1_000;

    /// <summary>A node's patterns together, in bytes: what a message costs in the worst case is this times the length of its topic, and all others wait meanwhile. 64 bytes for each of the most patterns.</summary>
    public int MaxAllPatternBytes { get; init; } = 64 * 1024;

    /// <summary>Groups that one message goes to: more of one topic are a mistake, and make a frame of their names.</summary>
    public int MaxGroups { get; init; } = 256;

    /// <summary>How often a node compares what it knows with one other, drawn at random: Akka's default. Changes do not wait for it; what was lost does.</summary>
    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a removal is remembered one by one, so that a short absence is made good by a difference; after a longer one the whole is sent. Akka's default.</summary>
    public TimeSpan RemovedTimeToLive { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Removals of one node that are remembered one by one, the newest: clients that come and go by the thousand must not fill every node's memory for two minutes. As many as topics.</summary>
    public int MaxRemovals { get; init; } = 100_000;

    /// <summary>Names in one frame of gossip, in bytes: never long in a heartbeat's way.</summary>
    public int DeltaBytes { get; init; } = 64 * 1024;

    /// <summary>Bugs planted on purpose.</summary>
    internal EngineFlaws Flaws { get; init; }

    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    internal PubSubOptions Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTopicBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPatternBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxGroupLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessageBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTopics, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxNameBytes, Math.Max(MaxTopicBytes, MaxPatternBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPatterns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAllPatternBytes, MaxPatternBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxGroups, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRemovals, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DeltaBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(GossipInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(RemovedTimeToLive, GossipInterval);
        return this;
    }
}
