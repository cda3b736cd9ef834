using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>What a leader knows of one peer, at one moment: for views and for placement.</summary>
/// <param name="Node">The peer.</param>
/// <param name="IsVoter">False for a learner.</param>
/// <param name="Match">Highest index known to be on the peer's disk and equal to the leader's.</param>
/// <param name="Next">The index that the leader sends next.</param>
/// <param name="State">How the leader feeds it.</param>
/// <param name="LastContact">When the leader last heard from it, on the leader's clock.</param>
public readonly record struct PeerProgress(NodeId Node, bool IsVoter, LogIndex Match, LogIndex Next, ReplicationState State, TimeSpan LastContact);
