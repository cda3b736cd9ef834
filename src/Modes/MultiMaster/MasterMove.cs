using Cluster.Shared.Results;

namespace Cluster.Modes.MultiMaster;

/// <summary>What came of a write: an update to make durable, answer and spread; or that there was nothing to do; or why it cannot be.</summary>
/// <param name="Version">What the client is told: the update, and after it those that it replaced.</param>
/// <param name="Token">The time of the update.</param>
internal readonly record struct MasterMove(ObjectWritten? Written, string? Version, string? Token, ClusterError? Refusal)
{
    /// <summary>What was to be taken away is not here.</summary>
    public static MasterMove Nothing => default;

    public static MasterMove Conflict(string why) => new(null, null, null, new ClusterError(ErrorCode.Conflict, why));

    public static MasterMove Overloaded(string why) => new(null, null, null, new ClusterError(ErrorCode.Overloaded, why));

    public static MasterMove Bad(string why) => new(null, null, null, new ClusterError(ErrorCode.BadRequest, why));
}
