using System.Buffers.Binary;
using System.Globalization;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Storage;

/// <summary>
/// How a snapshot file is laid out: a header (what it is, block size), blocks of data with a checksum each that is seeded with the block's number, and a
/// trailer (index, term, configuration, lengths, checksum of all data) that is found from the file's end. Nothing in it is of one node: it travels as it is.
/// </summary>
internal static class SnapshotFormat
{
    public const int HeaderSize = 32;

    /// <summary>In front of each block's data: its length and its checksum.</summary>
    public const int BlockHeaderSize = 8;

    public const int BlockBytesMax = 1024 * 1024;

    /// <summary>The trailer without its configuration.</summary>
    public const int TrailerFixedSize = 44;

    /// <summary>No configuration comes near it; a length beyond it is damage.</summary>
    public const int ConfigurationBytesMax = 64 * 1024;

    private const string Suffix = ".snap";
    private const uint Format = 1;
    private const ulong Magic = 0x31504E534C43; // "CLSNP1", little-endian
    private const ulong TrailerMagic = 0x444E4550534C43; // "CLSPEND", little-endian

    public static string FolderOf(string folder, ShardId group) => DiskName.Join(folder, group.Value.ToString(CultureInfo.InvariantCulture));

    public static string NameOf(string folder, ShardId group, ulong index, ulong term) =>
        DiskName.Join(FolderOf(folder, group), string.Create(CultureInfo.InvariantCulture, $"{index}-{term}{Suffix}"));

    /// <summary>Reads index and term from a file's name. False for anything that is no finished snapshot.</summary>
    public static bool TryParseName(string name, out ulong index, out ulong term)
    {
        (index, term) = (0, 0);
        var leaf = name.AsSpan(name.LastIndexOf('/') + 1);
        if (!leaf.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        leaf = leaf[..^Suffix.Length];
        var dash = leaf.IndexOf('-');
        return dash > 0
            && ulong.TryParse(leaf[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && ulong.TryParse(leaf[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out term);
    }

    public static void WriteHeader(Span<byte> header, ShardId group, int blockBytes)
    {
        header[..HeaderSize].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Format);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], group.Value);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], blockBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], Checksum.Of(header[..28]));
    }

    /// <summary>The block size.</summary>
    /// <exception cref="StorageCorruptException">No such header.</exception>
    /// <exception cref="StorageRefusedException">Another format.</exception>
    public static int ReadHeader(ReadOnlySpan<byte> header, string path, ShardId group)
    {
        if (header.Length < HeaderSize || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Checksum.Of(header[..28]))
        {
            throw new StorageCorruptException(path, 0, "no intact snapshot header stands here");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) is var format && format != Format)
        {
            throw new StorageRefusedException(path, $"written in snapshot format {format}, this program reads format {Format}: start the version that wrote it");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) is var owner && owner != group.Value)
        {
            throw new StorageCorruptException(path, 12, $"it is a snapshot of group {new ShardId(owner)}, not of {group}");
        }

        var blockBytes = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        return blockBytes is > 0 and <= BlockBytesMax ? blockBytes : throw new StorageCorruptException(path, 16, $"a block size of {blockBytes} bytes");
    }

    public static uint BlockSeed(long block) => Checksum.Seed(0, (ulong)block, 0);

    /// <summary>Where a block starts in the file; with the number of blocks: where the trailer starts, if the last block is full.</summary>
    public static long BlockAt(long block, int blockBytes) => HeaderSize + (block * (BlockHeaderSize + (long)blockBytes));

    public static long BlocksOf(long dataBytes, int blockBytes) => (dataBytes + blockBytes - 1) / blockBytes;

    /// <summary>Length of a file with so much data, trailer excluded.</summary>
    public static long BodyBytes(long dataBytes, int blockBytes) => HeaderSize + dataBytes + (BlocksOf(dataBytes, blockBytes) * BlockHeaderSize);

    public static byte[] Trailer(ulong index, ulong term, Configuration configuration, long dataBytes, uint dataChecksum)
    {
        var configurationBytes = configuration.CalculateSize();
        var trailer = new byte[configurationBytes + TrailerFixedSize];
        configuration.WriteTo(trailer.AsSpan(0, configurationBytes));
        var rest = trailer.AsSpan(configurationBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(rest, index);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], term);
        BinaryPrimitives.WriteInt64LittleEndian(rest[16..], dataBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[24..], dataChecksum);
        BinaryPrimitives.WriteInt32LittleEndian(rest[28..], configurationBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[32..], TrailerMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[40..], Checksum.Of(trailer.AsSpan(0, trailer.Length - sizeof(uint))));
        return trailer;
    }

    /// <summary>What the file says of itself at its end.</summary>
    public static (SnapshotInfo Info, uint DataChecksum) ReadTrailer(IDiskFile file, string path, ShardId group, int blockBytes)
    {
        var length = file.Length;
        Span<byte> fixedPart = stackalloc byte[TrailerFixedSize];
        var at = length - TrailerFixedSize;
        if (at < HeaderSize || file.ReadAt(at, fixedPart) != TrailerFixedSize || BinaryPrimitives.ReadUInt64LittleEndian(fixedPart[32..]) != TrailerMagic)
        {
            throw new StorageCorruptException(path, Math.Max(at, 0), "the snapshot does not end with a trailer");
        }

        var configurationBytes = BinaryPrimitives.ReadInt32LittleEndian(fixedPart[28..]);
        if (configurationBytes is < 0 or > ConfigurationBytesMax || configurationBytes > at - HeaderSize)
        {
            throw new StorageCorruptException(path, at, $"the trailer tells of a configuration of {configurationBytes} bytes");
        }

        var trailer = new byte[configurationBytes + TrailerFixedSize];
        _ = file.ReadAt(at - configurationBytes, trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[40..]) != Checksum.Of(trailer.AsSpan(0, trailer.Length - sizeof(uint))))
        {
            throw new StorageCorruptException(path, at - configurationBytes, "the trailer does not match its checksum");
        }

        var dataBytes = BinaryPrimitives.ReadInt64LittleEndian(fixedPart[16..]);
        if (dataBytes < 0 || dataBytes > length || BodyBytes(dataBytes, blockBytes) + trailer.Length != length)
        {
            throw new StorageCorruptException(path, at, $"the trailer tells of {dataBytes} bytes of data, the file has {length} in all");
        }

        var info = new SnapshotInfo(
            group,
            BinaryPrimitives.ReadUInt64LittleEndian(fixedPart),
            BinaryPrimitives.ReadUInt64LittleEndian(fixedPart[8..]),
            ReadConfiguration(trailer.AsSpan(0, configurationBytes), path, at - configurationBytes),
            dataBytes,
            length);
        return (info, BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[24..]));
    }

    private static Configuration ReadConfiguration(ReadOnlySpan<byte> bytes, string path, long at)
    {
        try
        {
            return Configuration.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new StorageCorruptException(path, at, $"the configuration does not read: {error.Message}");
        }
    }
}
