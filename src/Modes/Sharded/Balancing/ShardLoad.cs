namespace Cluster.Modes.Sharded.Balancing;

/// <summary>What one shard had to do in the last interval, as its owner counted.</summary>
/// <param name="Epoch">Of its row.</param>
/// <param name="Keys">With a value.</param>
/// <param name="HottestShare">Of its calls, the share that went to the one place with most.</param>
/// <param name="CanSplit">More than one place was called.</param>
public sealed record ShardLoad(string Table, int Shard, long Epoch, double CallsPerSecond, int Keys, double HottestShare, bool CanSplit)
{
    /// <summary>It is being copied to another node.</summary>
    public bool IsMoving { get; init; }
}
