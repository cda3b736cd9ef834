namespace Cluster.Modes.Sharded.Map;

/// <summary>Who owns what in one table, at one epoch. Every place belongs to exactly one shard.</summary>
/// <param name="Table">Empty before the table has been opened.</param>
/// <param name="Epoch">Rises with each change.</param>
/// <param name="LastShard">The highest number given so far.</param>
public sealed record ShardMap(string Table, long Epoch, int LastShard, IReadOnlyList<ShardRow> Rows)
{
    public static readonly ShardMap Unknown = new("", 0, 0, []);

    public ShardRow? Find(int shard) => Rows.FirstOrDefault(row => row.Shard == shard);

    /// <summary>The shard of a place; null before the table has been opened.</summary>
    public ShardRow? Find(string place) => Rows.FirstOrDefault(row => row.Covers(place));
}
