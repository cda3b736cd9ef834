using System.Buffers.Binary;

namespace Cluster.Engine.Storage;

/// <summary>
/// One flush: a 32-byte header and records, written in one piece and valid only as a whole. Both checksums are seeded with node, segment and
/// offset, so that bytes of another place or time never verify. A batch is written only after the one before it is durable: so a valid header anywhere
/// proves that everything before it was once durable, and only the very last batch can be the victim of a crash.
/// </summary>
/// <param name="BodyLength">Bytes of records after the header, padding to 8 included.</param>
/// <param name="Sequence">Counts batches over all segments, from 1.</param>
internal readonly record struct WalBatch(int BodyLength, ulong Sequence, int Records, uint BodyChecksum)
{
    public const int HeaderSize = 32;

    /// <summary>Batches start at multiples of this, so that a search for headers need not look at every byte.</summary>
    public const int Alignment = 8;

    private const uint Magic = 0x48544142; // "BATH", little-endian
    private const int ChecksumAt = HeaderSize - sizeof(uint);

    public static int Align(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    /// <summary>Completes a batch in place: <paramref name="batch"/> holds room for the header and then the records, padded.</summary>
    public static void Seal(Span<byte> batch, ulong sequence, int records, uint seed)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(batch, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(batch[4..], batch.Length - HeaderSize);
        BinaryPrimitives.WriteUInt64LittleEndian(batch[8..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(batch[16..], records);
        BinaryPrimitives.WriteUInt32LittleEndian(batch[20..], Checksum.Of(batch[HeaderSize..], seed));
        BinaryPrimitives.WriteUInt32LittleEndian(batch[24..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(batch[ChecksumAt..], Checksum.Of(batch[..ChecksumAt], seed));
    }

    /// <summary>False when there is no intact header at the start of <paramref name="at"/>.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> at, uint seed, out WalBatch batch)
    {
        batch = default;
        if (at.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(at) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(at[ChecksumAt..]) != Checksum.Of(at[..ChecksumAt], seed))
        {
            return false;
        }

        batch = new WalBatch(
            BinaryPrimitives.ReadInt32LittleEndian(at[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(at[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(at[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(at[20..]));
        return batch.BodyLength >= 0;
    }

    /// <summary>Whether bytes as they were written are one batch, all of it. Says nothing about what became of them: that is for the checksums.</summary>
    public static bool LooksWhole(ReadOnlySpan<byte> written) =>
        written.Length >= HeaderSize && BinaryPrimitives.ReadUInt32LittleEndian(written) == Magic && BinaryPrimitives.ReadInt32LittleEndian(written[4..]) == written.Length - HeaderSize;

    /// <summary>How many records a whole batch has.</summary>
    public static int RecordsOf(ReadOnlySpan<byte> batch) => BinaryPrimitives.ReadInt32LittleEndian(batch[16..]);

    public bool Matches(ReadOnlySpan<byte> body, uint seed) => Checksum.Of(body, seed) == BodyChecksum;
}
