using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>What a refusal of the control plane means to the one who asked.</summary>
public static class ControlRefusals
{
    /// <summary>The error to show for a refused reply; null when it was done.</summary>
    public static ClusterError? ErrorOf(ControlReply reply) =>
        reply.Refusal == ControlRefusal.None ? null : new ClusterError(CodeOf(reply.Refusal), reply.Message);

    /// <summary>Whether asking the same again later may be answered otherwise, without anybody having to step in.</summary>
    public static bool IsTransient(ControlRefusal refusal) => refusal is ControlRefusal.NotFormed or ControlRefusal.EpochChanged or ControlRefusal.StillHoldsReplicas or ControlRefusal.BeingRemoved;

    private static ErrorCode CodeOf(ControlRefusal refusal) => refusal switch
    {
        ControlRefusal.BadCommand => ErrorCode.BadRequest,
        ControlRefusal.NotFormed => ErrorCode.Unavailable,
        ControlRefusal.UnknownNode or ControlRefusal.UnknownShard => ErrorCode.NotFound,
        ControlRefusal.Limit => ErrorCode.Overloaded,
        _ => ErrorCode.Conflict,
    };
}
