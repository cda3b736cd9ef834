using Cluster.Shared.Results;

namespace Cluster.Modes.Quorum;

/// <summary>What came of a request.</summary>
/// <param name="State">What was read, or written.</param>
/// <param name="Written">The tag of what was written; null for a read.</param>
/// <param name="Copies">Nodes that are known to have it on their disks.</param>
/// <param name="Error">Why it was not served; then nothing of the others counts.</param>
internal sealed record QuorumOutcome(KeyState State, Tag? Written = null, int Copies = 0, ClusterError? Error = null)
{
    public static QuorumOutcome Failed(ErrorCode code, string why) => new(KeyState.None, Error: new ClusterError(code, why));
}
