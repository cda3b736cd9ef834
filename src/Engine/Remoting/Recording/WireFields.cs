using System.Buffers.Binary;
using Cluster.Engine.Sharding;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>
/// Walks a protobuf message field by field and never throws: where it is cut off it gives what is there, and where it is not protobuf it ends. For records of
/// messages, whose tail may be missing; what must be right is read by <see cref="WireReader"/>.
/// </summary>
internal ref struct WireFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>The field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, when it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value, when it has a length; the front of it where the message is cut off.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The length that it says it has; more than <see cref="Bytes"/> where the message is cut off.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the bytes stopped making sense.</summary>
    public bool IsBroken { get; private set; }

    public readonly bool IsTrue => Number != 0;

    /// <summary>Reads the next field; false at the end, and for ever after it.</summary>
    public bool Next()
    {
        Number = 0;
        Bytes = default;
        Length = 0;
        if (rest.IsEmpty || !TryVarint(out var tag))
        {
            return false;
        }

        Field = (int)(tag >> 3);
        if (Field <= 0 || tag > uint.MaxValue)
        {
            return Broken();
        }

        switch (tag & 7)
        {
            case 0:
                if (!TryVarint(out var number))
                {
                    return false;
                }

                Number = number;
                return true;
            case 1:
                return Fixed(sizeof(ulong));
            case 2:
                return Delimited();
            case 5:
                return Fixed(sizeof(uint));
            default:
                return Broken();
        }
    }

    /// <summary>A number of a message; 0 where it is not set, which is what protobuf means by that.</summary>
    public static ulong NumberIn(ReadOnlySpan<byte> message, int field)
    {
        var fields = new WireFields(message);
        ulong number = 0;
        while (fields.Next())
        {
            number = fields.Field == field ? fields.Number : number;
        }

        return number;
    }

    /// <summary>A field with a length; empty where it is not set.</summary>
    public static ReadOnlySpan<byte> BytesIn(ReadOnlySpan<byte> message, int field)
    {
        var fields = new WireFields(message);
        ReadOnlySpan<byte> bytes = default;
        while (fields.Next())
        {
            bytes = fields.Field == field ? fields.Bytes : bytes;
        }

        return bytes;
    }

    /// <summary>Whether a field is set to true.</summary>
    public static bool IsSet(ReadOnlySpan<byte> message, int field) => NumberIn(message, field) != 0;

    private bool Delimited()
    {
        if (!TryVarint(out var length))
        {
            return false;
        }

        if (length > int.MaxValue)
        {
            return Broken();
        }

        Length = (int)length;
        Bytes = rest[..Math.Min(rest.Length, Length)];
        rest = rest[Bytes.Length..];
        return true;
    }

    private bool Fixed(int bytes)
    {
        if (rest.Length < bytes)
        {
            rest = default;
            return false;
        }

        Number = bytes == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(rest) : BinaryPrimitives.ReadUInt64LittleEndian(rest);
        rest = rest[bytes..];
        return true;
    }

    /// <summary>A number that is cut off is the end of what is known, not an error.</summary>
    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            if (i == 10)
            {
                return Broken();
            }

            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        rest = default;
        return false;
    }

    private bool Broken()
    {
        IsBroken = true;
        rest = default;
        return false;
    }
}
