using System.Collections.Concurrent;
using Cluster.Shared.Ids;
using Polly.CircuitBreaker;

namespace Cluster.Engine.Sharding.Client;

/// <summary>The circuit breakers of one node's callers, one for each node they call; made at first use and kept.</summary>
internal sealed class NodeBreakers(ShardClientOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<NodeId, NodeBreaker> breakers = [];

    /// <summary>How many refuse calls now.</summary>
    public int CountOpen() => breakers.Values.Count(breaker => breaker.State is CircuitState.Open or CircuitState.Isolated);

    /// <summary>The breaker in front of the node.</summary>
    public NodeBreaker Of(NodeId node) => breakers.GetOrAdd(node, static (_, made) => new NodeBreaker(made.options, made.time), (options, time));
}
