using Cluster.Shared.Ids;

namespace Cluster.Engine.ControlPlane;

/// <summary>The single next step of one Raft group towards its wished replicas.</summary>
internal readonly record struct ReplicaMove(ReplicaMoveKind Kind, NodeId Node)
{
    /// <summary>The group is as wished.</summary>
    public static readonly ReplicaMove None;

    /// <summary>A step is due and cannot be taken now: a learner has not caught up, or too few voters can be reached. Look again later.</summary>
    public static readonly ReplicaMove Wait = new(ReplicaMoveKind.Wait, NodeId.None);

    public override string ToString() => Node.IsNone ? Kind.ToString() : $"{Kind} {Node}";
}
