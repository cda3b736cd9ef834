using System.Buffers.Binary;

namespace Cluster.Engine.Sharding;

/// <summary>
/// The 64-bit hash that replicas compare their states by: the same on every process and machine, fast on long values, and made to be summed over a state's
/// parts, so that a change costs only what changed. It finds divergence, not forgery.
/// </summary>
internal static class StateDigest
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD1B54A32D192ED03;

    /// <summary>Hash of a byte string, its length included.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Fold((ulong)bytes.Length + First, Second);
        while (bytes.Length >= 16)
        {
            hash = Fold(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ First, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ hash);
            bytes = bytes[16..];
        }

        return bytes.IsEmpty ? hash : Tail(bytes, hash);
    }

    /// <summary>Joins two hashes or numbers to one; the order counts.</summary>
    public static ulong Join(ulong left, ulong right) => Fold(left ^ First, right ^ Second) + left;

    private static ulong Tail(ReadOnlySpan<byte> bytes, ulong hash)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        bytes.CopyTo(padded);
        return Fold(BinaryPrimitives.ReadUInt64LittleEndian(padded) ^ First, BinaryPrimitives.ReadUInt64LittleEndian(padded[8..]) ^ hash);
    }

    /// <summary>Both halves of the 128-bit product, folded: every input bit reaches every output bit. A zero factor is what the constants keep rare.</summary>
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out ulong low);
        return (high ^ low) + Second;
    }
}
