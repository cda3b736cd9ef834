using System.Buffers;
using System.Buffers.Binary;

namespace Cluster.Engine.Sharding;

/// <summary>
/// Writes one section of a snapshot as blocks, each with its length before it, and an empty block at the end: a section's length need not be known
/// when it starts, and its reader cannot run past it.
/// </summary>
internal sealed class SnapshotSectionWriter : Stream
{
    /// <summary>Longest block: large enough that its header and the call below are nothing beside it.</summary>
    internal const int MaxBlockBytes = 64 * 1024;

    private readonly Stream below;
    private byte[] block = ArrayPool<byte>.Shared.Rent(sizeof(uint) + MaxBlockBytes);
    private int filled;

    public SnapshotSectionWriter(Stream below) => this.below = below;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (filled == MaxBlockBytes)
            {
                WriteBlock();
            }

            var taken = Math.Min(buffer.Length, MaxBlockBytes - filled);
            buffer[..taken].CopyTo(block.AsSpan(sizeof(uint) + filled));
            filled += taken;
            buffer = buffer[taken..];
        }
    }

    /// <summary>Ends the section.</summary>
    public void Complete()
    {
        if (filled > 0)
        {
            WriteBlock();
        }

        WriteBlock();
    }

    /// <summary>Nothing: a block is written when it is full, the rest by <see cref="Complete"/>.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(block);
            block = [];
        }

        base.Dispose(disposing);
    }

    private void WriteBlock()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(block, (uint)filled);
        below.Write(block, 0, sizeof(uint) + filled);
        filled = 0;
    }
}
