using Cluster.Shared.Ids;

namespace Cluster.Engine.Port;

/// <summary>Who subscribes to one filter, as one node knows.</summary>
/// <param name="Here">Subscriptions on this node.</param>
/// <param name="Elsewhere">Other nodes with subscriptions that can be reached, and how many, as their gossip last said; ordered by node.</param>
public sealed record TopicFigures(TopicFilter Filter, int Here, IReadOnlyList<(NodeId Node, int Subscriptions)> Elsewhere)
{
    public long Subscriptions => Here + Elsewhere.Sum(node => (long)node.Subscriptions);
}
