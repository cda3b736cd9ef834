namespace Cluster.Shared.Http;

/// <summary>What became of a message when it was published: to whom it went. None of it promises delivery.</summary>
/// <param name="Subscriptions">All that it went to, as the asked node knows.</param>
/// <param name="Here">Those of the asked node, exactly.</param>
/// <param name="Nodes">Other nodes that it was sent to.</param>
public sealed record PublishView(long Subscriptions, int Here, int Nodes);
