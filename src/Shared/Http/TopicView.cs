namespace Cluster.Shared.Http;

/// <summary>What has subscribers: a topic, a pattern, a sharded topic, or a group of a topic.</summary>
/// <param name="Name">As text; bytes that are no UTF-8 show as U+FFFD.</param>
/// <param name="Path">The name percent-encoded, byte for byte.</param>
/// <param name="Kind">topic, pattern or sharded.</param>
/// <param name="Group">Null for subscribers without a group.</param>
/// <param name="Subscriptions">In the whole cluster, as the asked node knows.</param>
/// <param name="Nodes">Where they are.</param>
public sealed record TopicView(string Name, string Path, string Kind, string? Group, long Subscriptions, IReadOnlyList<TopicNodeView> Nodes);

/// <summary>A node with subscribers.</summary>
public sealed record TopicNodeView(string Node, int Subscriptions);
