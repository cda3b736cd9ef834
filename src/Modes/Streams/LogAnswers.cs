using Cluster.Modes.Hosting;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Streams;

/// <summary>What clients are told of the durable log's refusals.</summary>
internal static class LogAnswers
{
    /// <summary>Null when it is none.</summary>
    public static ModeAnswer? Refusal(LogReply reply) => reply.Status switch
    {
        LogStatus.Ok => null,
        LogStatus.Bad => ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, reply.Detail)),
        _ => ModeAnswer.Conflict(reply.Detail),
    };
}
