using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Storage;

/// <summary>
/// Reads a snapshot: its data as a stream of which every block is verified before its bytes are handed out, and the file as it is, by offset, for a transfer to
/// another node. It stays readable when the store deletes it meanwhile.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is more than a stream; the role is the name.")]
public sealed class SnapshotReader : Stream
{
    private readonly IDiskFile file;
    private readonly string path;
    private readonly int blockBytes;
    private readonly uint dataChecksum;
    private readonly byte[] block;
    private long loaded = -1;
    private long position;

    private SnapshotReader(IDiskFile file, string path, int blockBytes, SnapshotInfo info, uint dataChecksum)
    {
        this.file = file;
        this.path = path;
        this.blockBytes = blockBytes;
        this.dataChecksum = dataChecksum;
        Info = info;
        block = new byte[SnapshotFormat.BlockHeaderSize + blockBytes];
    }

    public SnapshotInfo Info { get; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    /// <summary>Bytes of data.</summary>
    public override long Length => Info.DataBytes;

    public override long Position
    {
        get => position;
        set => position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>Opens a file and verifies its header and trailer; the blocks are verified as they are read, or all at once by <see cref="Verify"/>.</summary>
    /// <exception cref="StorageCorruptException">Header or trailer do not verify.</exception>
    internal static SnapshotReader Open(IDisk disk, string name, ShardId group)
    {
        var path = disk.PathOf(name);
        var file = disk.Open(name, DiskMode.Read);
        try
        {
            Span<byte> header = stackalloc byte[SnapshotFormat.HeaderSize];
            var read = file.ReadAt(0, header);
            var blockBytes = SnapshotFormat.ReadHeader(header[..read], path, group);
            var (info, checksum) = SnapshotFormat.ReadTrailer(file, path, group, blockBytes);
            return new SnapshotReader(file, path, blockBytes, info, checksum);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads everything once.</summary>
    /// <exception cref="StorageCorruptException">A block does not verify.</exception>
    public void Verify()
    {
        uint checksum = 0;
        for (long number = 0; number < SnapshotFormat.BlocksOf(Length, blockBytes); number++)
        {
            checksum = Checksum.Of(Block(number), checksum);
        }

        if (checksum != dataChecksum)
        {
            throw new StorageCorruptException(path, 0, "the blocks verify one by one, but not together");
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        var number = position / blockBytes;
        var rest = Block(number)[(int)(position % blockBytes)..];
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads bytes of the file as it is, for a transfer. Returns how many; 0 at the end (<see cref="SnapshotInfo.FileBytes"/>).</summary>
    public int ReadFile(long offset, Span<byte> buffer) => file.ReadAt(offset, buffer);

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> Block(long number)
    {
        var expected = (int)Math.Min(blockBytes, Length - (number * blockBytes));
        var data = block.AsSpan(SnapshotFormat.BlockHeaderSize, expected);
        if (loaded == number)
        {
            return data;
        }

        loaded = -1;
        var at = SnapshotFormat.BlockAt(number, blockBytes);
        var read = file.ReadAt(at, block.AsSpan(0, SnapshotFormat.BlockHeaderSize + expected));
        if (read != SnapshotFormat.BlockHeaderSize + expected
            || BinaryPrimitives.ReadInt32LittleEndian(block) != expected
            || BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(sizeof(int))) != Checksum.Of(data, SnapshotFormat.BlockSeed(number)))
        {
            throw new StorageCorruptException(path, at, $"block {number} of the snapshot does not match its checksum");
        }

        loaded = number;
        return data;
    }
}
