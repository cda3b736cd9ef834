using System.Buffers.Binary;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Storage;

/// <summary>
/// The batch that is being gathered: one contiguous buffer in the very form in which it goes to disk, room for the batch header in front. A record is
/// kind (1 byte), group (4), body length (4), body; numbers little-endian.
/// </summary>
internal sealed class WalRecordBuffer(int retainedBytes)
{
    public const int RecordHeaderSize = 9;

    private const int InitialBytes = 64 * 1024;

    private byte[] buffer = new byte[InitialBytes];
    private int length = WalBatch.HeaderSize;

    public int Records { get; private set; }

    public bool IsEmpty => Records == 0;

    public int PendingBytes => length - WalBatch.HeaderSize;

    /// <summary>Length on disk, header and padding included.</summary>
    public int BatchLength => WalBatch.Align(length);

    /// <summary>The batch as it goes to disk, its padding zeroed; the header is the caller's to fill in.</summary>
    public Span<byte> Batch()
    {
        var padded = BatchLength;
        Reserve(padded - length);
        buffer.AsSpan(length, padded - length).Clear();
        return buffer.AsSpan(0, padded);
    }

    public void Clear()
    {
        length = WalBatch.HeaderSize;
        Records = 0;
        if (buffer.Length > retainedBytes)
        {
            buffer = new byte[InitialBytes];
        }
    }

    /// <summary>Where the buffer stands, to go <see cref="BackTo"/>.</summary>
    public (int Length, int Records) Position => (length, Records);

    public void BackTo((int Length, int Records) position) => (length, Records) = position;

    public void Entries(uint group, IReadOnlyList<Entry> entries)
    {
        var start = Begin(WalRecordKind.Entries, group);
        BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var size = entry.CalculateSize();
            var span = Take(sizeof(int) + size);
            BinaryPrimitives.WriteInt32LittleEndian(span, size);
            entry.WriteTo(span[sizeof(int)..]);
        }

        End(start);
    }

    public void Truncate(uint group, ulong fromIndex)
    {
        var start = Begin(WalRecordKind.Truncate, group);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), fromIndex);
        End(start);
    }

    public void HardState(uint group, ulong term, uint vote, ulong commit)
    {
        var start = Begin(WalRecordKind.HardState, group);
        var span = Take(20);
        BinaryPrimitives.WriteUInt64LittleEndian(span, term);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], vote);
        BinaryPrimitives.WriteUInt64LittleEndian(span[12..], commit);
        End(start);
    }

    public void GroupCreated(uint group, Configuration configuration)
    {
        var start = Begin(WalRecordKind.GroupCreated, group);
        configuration.WriteTo(Take(configuration.CalculateSize()));
        End(start);
    }

    public void GroupRemoved(uint group) => End(Begin(WalRecordKind.GroupRemoved, group));

    public void SnapshotMark(uint group, ulong index, ulong term, Configuration configuration)
    {
        var start = Begin(WalRecordKind.SnapshotMark, group);
        var span = Take(16);
        BinaryPrimitives.WriteUInt64LittleEndian(span, index);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], term);
        configuration.WriteTo(Take(configuration.CalculateSize()));
        End(start);
    }

    private int Begin(WalRecordKind kind, uint group)
    {
        var start = length;
        var span = Take(RecordHeaderSize);
        span[0] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(span[1..], group);
        return start;
    }

    private void End(int start)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start + 5), length - start - RecordHeaderSize);
        Records++;
    }

    private Span<byte> Take(int count)
    {
        Reserve(count);
        var span = buffer.AsSpan(length, count);
        length += count;
        return span;
    }

    private void Reserve(int count)
    {
        var needed = (long)length + count;
        if (needed <= buffer.Length)
        {
            return;
        }

        Array.Resize(ref buffer, (int)Math.Min(Math.Max(needed, buffer.Length * 2L), Array.MaxLength));
    }
}
