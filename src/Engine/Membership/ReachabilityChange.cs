using Cluster.Shared.Ids;

namespace Cluster.Engine.Membership;

/// <summary>A peer's reachability, as this node sees it, has changed.</summary>
internal abstract record ReachabilityChange(NodeId Node, Incarnation Incarnation);

/// <summary>Requests should not be sent there now. <paramref name="Cause"/> says what it is known by, <paramref name="Phi"/> the suspicion at that moment.</summary>
internal sealed record NodeBecameUnreachable(NodeId Node, Incarnation Incarnation, UnreachableCause Cause, double Phi) : ReachabilityChange(Node, Incarnation);

/// <summary>The peer was heard again.</summary>
internal sealed record NodeBecameReachable(NodeId Node, Incarnation Incarnation) : ReachabilityChange(Node, Incarnation);
