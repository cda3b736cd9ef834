using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Membership;

/// <summary>Where membership posts which peers this node cannot reach, and how strongly each is suspected. Read from any thread.</summary>
internal sealed class ReachabilityBoard
{
    private ImmutableHashSet<NodeId> unreachable = [];
    private ImmutableDictionary<NodeId, double> phi = ImmutableDictionary<NodeId, double>.Empty;

    /// <summary>Why this node is not a member yet, or never will be; null once it is one.</summary>
    public string? Waiting { get; set; } = "it is starting";

    public bool IsReachable(NodeId node) => !Volatile.Read(ref unreachable).Contains(node);

    /// <summary>Suspicion as of the last tick: 0 just heard, 8 and more suspect.</summary>
    public double Phi(NodeId node) => Volatile.Read(ref phi).GetValueOrDefault(node);

    public void Publish(IEnumerable<NodeId> lost, IEnumerable<KeyValuePair<NodeId, double>> suspicion)
    {
        Volatile.Write(ref unreachable, [.. lost]);
        Volatile.Write(ref phi, suspicion.ToImmutableDictionary());
    }
}
