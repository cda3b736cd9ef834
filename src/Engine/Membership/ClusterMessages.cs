using Cluster.Engine.ControlPlane;
using Cluster.Engine.Remoting;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Membership;

/// <summary>Something came on the control channel.</summary>
internal sealed record ControlReceived(PeerIdentity From, ControlMessage Message);

/// <summary>The link to a peer came up, went down or was refused.</summary>
internal sealed record LinkChanged(LinkEvent Event);

/// <summary>This node's replica of group 0 has applied a decision.</summary>
internal sealed record ViewChanged(ControlView View);

/// <summary>Time to look at heartbeats, the bootstrap and what the control plane's leader has to do.</summary>
internal sealed record ClusterTick
{
    public static readonly ClusterTick Instance = new();
}

/// <summary>A command that this node proposed as the control plane's leader was decided, or was not.</summary>
internal sealed record ProposalAnswered(ControlCommand Command, ControlReply? Reply, ClusterError? Error);

/// <summary>A join that this node asked of itself was answered.</summary>
internal sealed record OwnJoinAnswered(ulong Attempt, JoinReply Reply);
