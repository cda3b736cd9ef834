namespace Cluster.Engine.PubSub;

/// <summary>One line of a bucket.</summary>
/// <param name="Subscribers">How many the owner has; 0: removed, and remembered for a while.</param>
/// <param name="Version">The owner's change that made it so.</param>
/// <param name="NotedAt">When this node learned of it, on its own clock.</param>
internal readonly record struct TopicInterestState(int Subscribers, ulong Version, TimeSpan NotedAt);
