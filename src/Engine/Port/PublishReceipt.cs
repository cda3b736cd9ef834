using Cluster.Shared.Results;

namespace Cluster.Engine.Port;

/// <summary>What became of a message when it was published. None of it promises delivery.</summary>
/// <param name="Here">Subscriptions on this node that it was handed to.</param>
/// <param name="Nodes">Other nodes that it was sent to.</param>
/// <param name="Elsewhere">Subscriptions on those of the nodes that can be reached, as their gossip last said.</param>
/// <param name="Error">Why it was not published; null when it was.</param>
public readonly record struct PublishReceipt(int Here, int Nodes, long Elsewhere, ClusterError? Error = null)
{
    /// <summary>Subscriptions that it went to, as far as this node knows.</summary>
    public long Subscriptions => Here + Elsewhere;
}
