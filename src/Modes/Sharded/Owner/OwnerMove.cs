namespace Cluster.Modes.Sharded.Owner;

/// <summary>What an owner is to do about a call: one of them.</summary>
/// <param name="Event">Make it durable, apply it, and answer.</param>
/// <param name="Reply">Answer with it.</param>
/// <param name="Durably">Only once everything before it is durable: it rests on a write that may still be lost.</param>
/// <param name="Wait">Judge it again when the map has been looked at, or the shard's move has ended.</param>
/// <param name="Elsewhere">Send the caller to the map, of at least this epoch.</param>
/// <param name="Refusal">Why it will not be carried out.</param>
internal readonly record struct OwnerMove(EntryWritten? Event = null, ShardAnswer? Reply = null, bool Durably = false, bool Wait = false, long? Elsewhere = null, string? Refusal = null)
{
    /// <summary>It has been answered long ago, or the disk has no room for it: whoever has no answer sends it again.</summary>
    public static OwnerMove Nothing => default;
}
