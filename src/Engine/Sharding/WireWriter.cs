using System.Buffers.Binary;
using System.Numerics;

namespace Cluster.Engine.Sharding;

/// <summary>Writes protobuf fields into a buffer of exactly the right size: the counterpart of <see cref="WireReader"/>. Default values are left out, as proto3 does.</summary>
internal ref struct WireWriter
{
    private readonly Span<byte> buffer;
    private int at;

    public WireWriter(Span<byte> buffer) => this.buffer = buffer;

    public readonly bool IsFull => at == buffer.Length;

    /// <summary>Bytes that a number takes.</summary>
    public static int SizeOf(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Bytes that a number field with a one-byte tag takes.</summary>
    public static int SizeOfField(ulong value) => value == 0 ? 0 : 1 + SizeOf(value);

    /// <summary>Bytes that a byte field with a one-byte tag takes.</summary>
    public static int SizeOfBytes(int length) => length == 0 ? 0 : 1 + SizeOf((ulong)length) + length;

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            buffer[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[at++] = (byte)value;
    }

    public void Field(byte tag, ulong value)
    {
        if (value != 0)
        {
            buffer[at++] = tag;
            Varint(value);
        }
    }

    public void Fixed64Field(byte tag, ulong value)
    {
        if (value != 0)
        {
            buffer[at++] = tag;
            BinaryPrimitives.WriteUInt64LittleEndian(buffer[at..], value);
            at += sizeof(ulong);
        }
    }

    public void BytesField(byte tag, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Length(tag, bytes.Length);
            bytes.CopyTo(buffer[at..]);
            at += bytes.Length;
        }
    }

    /// <summary>Opens a field of a given length, which may be 0; its content follows.</summary>
    public void Length(byte tag, int length)
    {
        buffer[at++] = tag;
        Varint((ulong)length);
    }
}
