using System.Buffers.Binary;

namespace Cluster.Engine.Sharding;

/// <summary>Reads one section that <see cref="SnapshotSectionWriter"/> wrote; at its end it reads as a stream that has ended.</summary>
internal sealed class SnapshotSectionReader : Stream
{
    private readonly Stream below;
    private readonly byte[] block = new byte[SnapshotSectionWriter.MaxBlockBytes];
    private int filled;
    private int taken;
    private bool ended;

    public SnapshotSectionReader(Stream below) => this.below = below;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">A block's length is impossible.</exception>
    /// <exception cref="EndOfStreamException">The stream below ends inside the section.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (taken == filled && !ended)
        {
            ReadBlock();
        }

        var count = Math.Min(buffer.Length, filled - taken);
        block.AsSpan(taken, count).CopyTo(buffer);
        taken += count;
        return count;
    }

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <exception cref="InvalidDataException">The section goes on: its reader left something over.</exception>
    public void Complete(uint section) => SnapshotFormat.Require(ReadByte() < 0, "bytes left over in section", section);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void ReadBlock()
    {
        Span<byte> header = stackalloc byte[sizeof(uint)];
        below.ReadExactly(header);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        SnapshotFormat.Require(length <= SnapshotSectionWriter.MaxBlockBytes, "bytes in a block", length);
        below.ReadExactly(block, 0, (int)length);
        (filled, taken, ended) = ((int)length, 0, length == 0);
    }
}
