using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Cluster.Modes.PeerToPeer;

/// <summary>
/// A place in the space of 160 bits in which peers and keys live (Maymounkov and Mazières 2002, section 2.1). The distance of two is their exclusive or, read as a number: symmetric, and for each place and distance there
/// is exactly one other. Written as 40 hexadecimal digits.
/// </summary>
[JsonConverter(typeof(KademliaIdJsonConverter))]
public readonly record struct KademliaId(ulong High, ulong Middle, uint Low) : IComparable<KademliaId>
{
    public const int Bits = 160;

    private const int Digits = Bits / 4;

    public static bool operator <(KademliaId one, KademliaId other) => one.CompareTo(other) < 0;

    public static bool operator >(KademliaId one, KademliaId other) => one.CompareTo(other) > 0;

    public static bool operator <=(KademliaId one, KademliaId other) => one.CompareTo(other) <= 0;

    public static bool operator >=(KademliaId one, KademliaId other) => one.CompareTo(other) >= 0;

    /// <summary>Where a peer of that name, or a key, lives: the first 160 bits of its SHA-256.</summary>
    public static KademliaId Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new KademliaId(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]), BinaryPrimitives.ReadUInt32BigEndian(hash[16..]));
    }

    /// <summary>The distance, itself a place in the space.</summary>
    public KademliaId DistanceTo(KademliaId other) => new(High ^ other.High, Middle ^ other.Middle, Low ^ other.Low);

    /// <summary>How many bits from the top are the same: 160 for itself.</summary>
    public int CommonPrefix(KademliaId other)
    {
        var distance = DistanceTo(other);
        return distance.High != 0 ? BitOperations.LeadingZeroCount(distance.High)
            : distance.Middle != 0 ? 64 + BitOperations.LeadingZeroCount(distance.Middle)
            : 128 + BitOperations.LeadingZeroCount(distance.Low);
    }

    /// <summary>A place that shares exactly so many bits from the top with this one.</summary>
    /// <param name="rest">Where the bits after that come from.</param>
    public KademliaId WithPrefix(int prefix, KademliaId rest)
    {
        var (mine, theirs) = (AsNumber(), rest.AsNumber());
        var below = (BigInteger.One << (Bits - prefix - 1)) - 1;
        var flipped = mine ^ (BigInteger.One << (Bits - prefix - 1));
        return FromNumber((flipped & ~below) | (theirs & below));
    }

    public int CompareTo(KademliaId other) => High != other.High ? High.CompareTo(other.High) : Middle != other.Middle ? Middle.CompareTo(other.Middle) : Low.CompareTo(other.Low);

    public override string ToString() => $"{High:x16}{Middle:x16}{Low:x8}";

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KademliaId id)
    {
        id = default;
        if (text?.Length != Digits
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text.AsSpan(16, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var middle)
            || !uint.TryParse(text.AsSpan(32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        id = new KademliaId(high, middle, low);
        return true;
    }

    private BigInteger AsNumber() => ((new BigInteger(High) << 96) | (new BigInteger(Middle) << 32)) | Low;

    private static KademliaId FromNumber(BigInteger number) => new((ulong)(number >> 96), (ulong)((number >> 32) & ulong.MaxValue), (uint)(number & uint.MaxValue));
}
