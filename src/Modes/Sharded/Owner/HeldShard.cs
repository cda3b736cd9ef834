using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>A shard that this node owns: its keys, and whether it serves.</summary>
internal sealed class HeldShard(ShardRow row)
{
    /// <summary>As this node has it on its disk; the map may be ahead.</summary>
    public ShardRow Row { get; set; } = row;

    /// <summary>In ordinal order.</summary>
    public SortedDictionary<string, KeyEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>The move that it serves nobody for; null: it serves.</summary>
    public long? Switching { get; set; }

    /// <summary>The switch has been decided, and is on its way to the disk: nothing is decided on the shard any more.</summary>
    public bool IsClosing { get; set; }

    public bool Serves => Switching is null && !IsClosing;
}
