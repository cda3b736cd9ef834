using Cluster.Shared.Slots;

namespace Cluster.Engine.KeyValue;

/// <summary>How many keys each hash slot holds, counted as keys come and go. A shard has a range of slots: only the pages of those take memory.</summary>
internal sealed class SlotCounts
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private readonly int[]?[] pages = new int[HashSlot.Count >> PageBits][];

    public int Count(int slot) => pages[slot >> PageBits] is { } page ? page[slot & (PageSize - 1)] : 0;

    public void Add(ReadOnlySpan<byte> key) => Of(key)++;

    public void Remove(ReadOnlySpan<byte> key) => Of(key)--;

    private ref int Of(ReadOnlySpan<byte> key)
    {
        var slot = HashSlot.Of(key);
        return ref (pages[slot >> PageBits] ??= new int[PageSize])[slot & (PageSize - 1)];
    }
}
