namespace Cluster.Shared.Slots;

/// <summary>
/// A key's hash slot, 0 to 16,383, exactly as Redis Cluster computes it: CRC16 (XMODEM: polynomial 0x1021, start 0, not reflected) of the key, or of
/// its hash tag, modulo 16,384. So a cluster-aware Redis client finds the same slot as this cluster does.
/// Source: Redis cluster specification, "Key distribution model" and "Hash tags".
/// </summary>
public static class HashSlot
{
    /// <summary>How many slots there are.</summary>
    public const int Count = 16_384;

    private static readonly ushort[] Table = BuildTable();

    /// <summary>The slot that owns <paramref name="key"/>.</summary>
    public static int Of(ReadOnlySpan<byte> key) => Crc16(Tag(key)) & (Count - 1);

    /// <summary>CRC16 (XMODEM) of <paramref name="bytes"/>.</summary>
    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        var crc = 0;
        foreach (var b in bytes)
        {
            crc = (ushort)(crc << 8) ^ table[(crc >> 8) ^ b];
        }

        return (ushort)crc;
    }

    /// <summary>
    /// The part of the key that decides its slot: what stands between the first '{' and the first '}' after it, if that is not empty; else the whole key.
    /// </summary>
    private static ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open < 0)
        {
            return key;
        }

        var length = key[(open + 1)..].IndexOf((byte)'}');
        return length <= 0 ? key : key.Slice(open + 1, length);
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (var value = 0; value < table.Length; value++)
        {
            var crc = value << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }

            table[value] = (ushort)crc;
        }

        return table;
    }
}
