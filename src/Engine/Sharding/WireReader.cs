using System.Buffers.Binary;

namespace Cluster.Engine.Sharding;

/// <summary>
/// Reads a protobuf message field by field where it stands, for the log's own messages: the generated classes copy every byte field and make an object for
/// every message. Unknown fields are skipped, as protobuf asks; what breaks the format throws.
/// </summary>
internal ref struct WireReader
{
    private readonly ReadOnlySpan<byte> message;
    private int at;

    public WireReader(ReadOnlySpan<byte> message) => this.message = message;

    /// <summary>Where the field that was read last ends.</summary>
    public readonly int Position => at;

    /// <summary>The next field's tag (number times eight, plus wire type); 0 at the end.</summary>
    public uint Tag()
    {
        if (at == message.Length)
        {
            return 0;
        }

        var tag = Varint();
        return tag is >= 8 and <= uint.MaxValue ? (uint)tag : throw Broken("a field number");
    }

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == message.Length)
            {
                throw Broken("a number that is cut off");
            }

            var b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Broken("a number of more than ten bytes");
    }

    /// <summary>A signed number in zigzag coding (sint64).</summary>
    public long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong Fixed64()
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
        return value;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        return length <= (ulong)(message.Length - at) ? Take((int)length) : throw Broken("a length past the end");
    }

    /// <summary>Passes over a field that this program does not know.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(sizeof(ulong));
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(sizeof(uint));
                break;
            default:
                throw Broken("an unknown wire type");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > message.Length - at)
        {
            throw Broken("a field that is cut off");
        }

        at += length;
        return message.Slice(at - length, length);
    }

    private readonly InvalidDataException Broken(string what) => new($"not a message: {what} at byte {at} of {message.Length}");
}
