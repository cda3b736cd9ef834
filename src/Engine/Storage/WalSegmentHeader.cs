using System.Buffers.Binary;
using System.Globalization;

namespace Cluster.Engine.Storage;

/// <summary>
/// The first 4096 bytes of a segment: whose it is, its place in the row, and where the segment before it ended. Written and flushed before the
/// segment gets its name, so that a bad header is damage, never a crash. Its checksum covers the whole block.
/// </summary>
/// <param name="Node">The data directory's uid.</param>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="LengthBytes">The segment's size.</param>
/// <param name="PreviousEnd">Where the previous segment's last batch ended; 0 in the first segment ever.</param>
/// <param name="FirstSequence">The number of this segment's first batch.</param>
internal readonly record struct WalSegmentHeader(Guid Node, ulong Number, long LengthBytes, long PreviousEnd, ulong FirstSequence)
{
    public const int Size = 4096;
    public const uint Format = 1;
    public const string Suffix = ".wal";
    public const string AsideSuffix = ".wal.tmp";

    private const ulong Magic = 0x314C41574C43; // "CLWAL1", little-endian
    private const int ChecksumAt = Size - sizeof(uint);

    public static string NameOf(string folder, ulong number) =>
        DiskName.Join(folder, number.ToString("D16", CultureInfo.InvariantCulture) + Suffix);

    public static bool TryParseName(string name, out ulong number) =>
        ulong.TryParse(name.AsSpan(name.LastIndexOf('/') + 1, Math.Max(0, name.Length - name.LastIndexOf('/') - 1 - Suffix.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && name.EndsWith(Suffix, StringComparison.Ordinal);

    public void WriteTo(Span<byte> block)
    {
        block = block[..Size];
        block.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(block, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], Format);
        Node.TryWriteBytes(block[16..]);
        BinaryPrimitives.WriteUInt64LittleEndian(block[32..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(block[40..], LengthBytes);
        BinaryPrimitives.WriteInt64LittleEndian(block[48..], PreviousEnd);
        BinaryPrimitives.WriteUInt64LittleEndian(block[56..], FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(block[ChecksumAt..], Checksum.Of(block[..ChecksumAt]));
    }

    /// <exception cref="StorageCorruptException">The block is not a segment header of this number.</exception>
    /// <exception cref="StorageRefusedException">It is one, of another node or another format.</exception>
    public static WalSegmentHeader Read(ReadOnlySpan<byte> block, string path, Guid node, ulong number)
    {
        if (block.Length < Size)
        {
            throw new StorageCorruptException(path, block.Length, $"the file ends inside the {Size} bytes of its header");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(block) != Magic)
        {
            throw new StorageCorruptException(path, 0, "no write-ahead log segment starts like this");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(block[ChecksumAt..]) != Checksum.Of(block[..ChecksumAt]))
        {
            throw new StorageCorruptException(path, 0, "the segment's header does not match its checksum");
        }

        var format = BinaryPrimitives.ReadUInt32LittleEndian(block[8..]);
        if (format != Format)
        {
            throw new StorageRefusedException(path, $"written in log format {format}, this program reads format {Format}: start the version that wrote it");
        }

        var header = new WalSegmentHeader(
            new Guid(block.Slice(16, 16)),
            BinaryPrimitives.ReadUInt64LittleEndian(block[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(block[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(block[48..]),
            BinaryPrimitives.ReadUInt64LittleEndian(block[56..]));
        if (header.Node != node)
        {
            throw new StorageRefusedException(path, $"belongs to the data directory with uid {header.Node}, this one has {node}: put each node's files back into its own directory");
        }

        return header.Number == number
            ? header
            : throw new StorageCorruptException(path, 0, $"its header says segment {header.Number}, its name {number}");
    }
}
