using System.Buffers.Binary;
using System.Numerics;

namespace Cluster.Engine.Storage;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 B.4) by the processor's own instruction. Finds every burst of up to 32 flipped bits, and any other damage
/// but for one case in four billion. It is no defence against someone who forges files.
/// </summary>
internal static class Checksum
{
    /// <summary>The checksum of <paramref name="data"/>; <paramref name="seed"/> is 0 or what came before, or the place that the data belongs to.</summary>
    public static uint Of(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var crc = ~seed;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    /// <summary>A seed for data that belongs at one place only: the same bytes found elsewhere do not verify.</summary>
    public static uint Seed(uint owner, ulong segment, ulong offset) =>
        BitOperations.Crc32C(BitOperations.Crc32C(owner, segment), offset);
}
