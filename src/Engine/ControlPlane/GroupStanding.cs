using System.Collections.Immutable;
using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>How a Raft group stands, as its leader knows it.</summary>
/// <param name="Self">The leader who asks.</param>
/// <param name="Voters">Of the newest configuration in its log.</param>
/// <param name="CaughtUp">Learners and voters whose log is near the leader's end, so that promoting or electing one holds nothing up.</param>
/// <param name="Reachable">Who has answered the leader lately; the leader itself counts whether named or not.</param>
/// <param name="ChangePending">A configuration in the log is not committed yet: the next must wait for it (thesis 4.1).</param>
internal sealed record GroupStanding(
    NodeId Self,
    ImmutableArray<NodeId> Voters,
    ImmutableArray<NodeId> Learners,
    ImmutableArray<NodeId> CaughtUp,
    ImmutableArray<NodeId> Reachable,
    bool ChangePending);
