namespace Cluster.Modes.Sharded.Owner;

/// <summary>A shard on its way to this node.</summary>
/// <param name="move">Which of its moves.</param>
internal sealed class ArrivingShard(long move)
{
    public long Move { get; } = move;

    public Dictionary<string, KeyEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Of two states of a key the later one stays: changes only add up, also from owner to owner.</summary>
    public void Merge(KeyEntry entry)
    {
        if (!Entries.TryGetValue(entry.Key, out var known) || known.Changes < entry.Changes)
        {
            Entries[entry.Key] = entry;
        }
    }
}
