using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Storage;

/// <summary>
/// Writes a snapshot aside, block by block, as a stream of the state machine's bytes. It becomes the group's newest snapshot in <see cref="Complete"/>, at
/// once and durably; disposed before that, it leaves no trace.
/// </summary>
/// <remarks>Disk errors surface as <see cref="IOException"/> (<see cref="DiskFullException"/>): dispose the writer and try again later; the log still holds everything.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is more than a stream; the role is the name.")]
public sealed class SnapshotWriter : Stream
{
    private readonly SnapshotStore store;
    private readonly ShardId group;
    private readonly ulong index;
    private readonly ulong term;
    private readonly Configuration configuration;
    private readonly string aside;
    private readonly int blockBytes;
    private readonly long fileBytesMax;
    private byte[] block;
    private IDiskFile? file;
    private int filled;
    private long blocks;
    private long dataBytes;
    private uint dataChecksum;
    private bool completed;

    internal SnapshotWriter(SnapshotStore store, IDisk disk, SnapshotOptions options, ShardId group, ulong index, ulong term, Configuration configuration, string aside)
    {
        this.store = store;
        this.group = group;
        this.index = index;
        this.term = term;
        this.configuration = configuration;
        this.aside = aside;
        blockBytes = options.BlockBytes;
        fileBytesMax = options.FileBytesMax;
        file = disk.Open(aside, DiskMode.Create);
        block = ArrayPool<byte>.Shared.Rent(SnapshotFormat.BlockHeaderSize + blockBytes);
        Span<byte> header = stackalloc byte[SnapshotFormat.HeaderSize];
        SnapshotFormat.WriteHeader(header, group, blockBytes);
        try
        {
            file.WriteAt(0, header);
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Bytes of data written so far.</summary>
    public override long Length => dataBytes;

    public override long Position
    {
        get => dataBytes;
        set => throw new NotSupportedException("a snapshot is written from front to back");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(file is null, this);
        while (buffer.Length > 0)
        {
            if (filled == blockBytes)
            {
                WriteBlock();
            }

            var count = Math.Min(buffer.Length, blockBytes - filled);
            buffer[..count].CopyTo(block.AsSpan(SnapshotFormat.BlockHeaderSize + filled));
            filled += count;
            dataBytes += count;
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    /// <summary>Blocks go to disk as they fill; only <see cref="Complete"/> makes anything durable.</summary>
    public override void Flush()
    {
    }

    /// <summary>Makes the snapshot durable and gives it its name; older ones than those kept are deleted.</summary>
    public SnapshotInfo Complete()
    {
        ObjectDisposedException.ThrowIf(file is null, this);
        WriteBlock();
        var trailer = SnapshotFormat.Trailer(index, term, configuration, dataBytes, dataChecksum);
        var at = SnapshotFormat.BodyBytes(dataBytes, blockBytes);
        file.WriteAt(at, trailer);
        file.Flush();
        store.Name(aside, group, index, term);
        completed = true;
        file.Dispose();
        file = null;
        store.DeleteOlder(group);
        return new SnapshotInfo(group, index, term, configuration, dataBytes, at + trailer.Length);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !completed)
        {
            Abandon();
        }

        if (disposing && block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(block);
            block = [];
        }

        base.Dispose(disposing);
    }

    private void Abandon()
    {
        if (file is not null)
        {
            file.Dispose();
            file = null;
            store.DeleteQuietly(aside);
        }
    }

    private void WriteBlock()
    {
        if (filled == 0)
        {
            return;
        }

        var at = SnapshotFormat.BlockAt(blocks, blockBytes);
        if (at + SnapshotFormat.BlockHeaderSize + blockBytes > fileBytesMax)
        {
            throw new IOException($"{aside}: the snapshot grows past {nameof(SnapshotOptions.FileBytesMax)} = {fileBytesMax} bytes");
        }

        var data = block.AsSpan(SnapshotFormat.BlockHeaderSize, filled);
        BinaryPrimitives.WriteInt32LittleEndian(block, filled);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(sizeof(int)), Checksum.Of(data, SnapshotFormat.BlockSeed(blocks)));
        dataChecksum = Checksum.Of(data, dataChecksum);
        file!.WriteAt(at, block.AsSpan(0, SnapshotFormat.BlockHeaderSize + filled));
        blocks++;
        filled = 0;
    }
}
