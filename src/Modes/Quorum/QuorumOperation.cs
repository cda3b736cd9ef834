namespace Cluster.Modes.Quorum;

/// <summary>What may be asked of a key.</summary>
internal enum QuorumOperation
{
    Get,
    Put,
    Delete,
}
