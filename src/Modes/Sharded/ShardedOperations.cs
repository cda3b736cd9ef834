using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Sharded;

/// <summary>The contract's operations, each on one of three tables; and what can be asked about shards.</summary>
public static class ShardedOperations
{
    public const string By = "by";
    public const string Shards = "shards";
    public const string Split = "split";
    public const string Move = "move";
    public const string Shard = "shard";
    public const string At = "at";
    public const string To = "to";

    private static readonly ModeArgument Table = ModeArgument.Choice(By, "The table: keys cut by hash slot, by ranges, or by a directory of groups (what stands before the first ':').", Partitioning.Tables).Or(Partitioning.Hash);
    private static readonly ModeArgument ShardNumber = ModeArgument.Number(Shard, "The shard's number.", 1, int.MaxValue);

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        StorageOperations.Reading(Table), StorageOperations.Writing(Table), StorageOperations.Deleting(Table), StorageOperations.Comparing(Table), StorageOperations.Scanning(Table), StorageOperations.Locating(Table),
        new(Shards, "Lists a table's shards with their owners, epochs and load; a hot one has more than its part.") { IsRead = true, Arguments = [Table] },
        new(Split, "Cuts a shard in two where its load is halved, or at a key (of the list table: takes a key's group out of it).") { Arguments = [ShardNumber, ModeArgument.Text(At, "The key where the second half begins.", StorageOperations.KeyBytesMax).Optional(), Table] },
        new(Move, "Moves a shard to another node while it serves.") { Arguments = [ShardNumber, ModeArgument.Text(To, "The node."), Table] },
    ];

    /// <summary>Null: it is not about a key's value.</summary>
    internal static ShardOperation? OperationOf(string operation) => operation switch
    {
        StorageOperations.Get => ShardOperation.Get,
        StorageOperations.Put => ShardOperation.Put,
        StorageOperations.Delete => ShardOperation.Delete,
        StorageOperations.CompareAndSet => ShardOperation.CompareAndSet,
        _ => null,
    };
}
