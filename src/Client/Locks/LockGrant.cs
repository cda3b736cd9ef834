namespace Cluster.Client.Locks;

/// <summary>What a node answered to <c>acquire</c>.</summary>
/// <param name="Token">With a grant.</param>
/// <param name="Place">In the queue, 1 for the next; without a grant.</param>
/// <param name="Why">What stands in the way.</param>
internal sealed record LockGrant(bool Granted, long? Token, int? Place, string? Why)
{
    /// <summary>Whether a node refused it, so that it has left nothing behind.</summary>
    public bool IsRefused { get; init; }
}
