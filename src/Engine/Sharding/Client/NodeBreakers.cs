using System.Collections.Concurrent;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Sharding.Client;

/// <summary>The circuit breakers of one node's callers, one for each node they call; made at first use and kept.</summary>
internal sealed class NodeBreakers(ShardClientOptions options)
{
    private readonly ConcurrentDictionary<NodeId, NodeBreaker> breakers = [];

    /// <summary>How many refuse calls now.</summary>
    public int CountOpen() => breakers.Values.Count(breaker => breaker.IsOpen);

    /// <summary>The breaker in front of the node.</summary>
    public NodeBreaker Of(NodeId node) => breakers.GetOrAdd(node, static (_, bounds) => new NodeBreaker(bounds), options);
}
