using System.Text;

namespace Cluster.Lab.Workloads;

/// <summary>The hash slot of a key, as every Redis Cluster client works it out: CRC16 (XMODEM) modulo 16,384, of the part in braces if there is one.</summary>
public static class HashSlot
{
    public const int Count = 16_384;

    public static int Of(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open + 1);
        var hashed = close > open + 1 ? key[(open + 1)..close] : key;
        var crc = 0;
        foreach (var octet in Encoding.UTF8.GetBytes(hashed))
        {
            crc ^= octet << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }

            crc &= 0xFFFF;
        }

        return crc % Count;
    }
}
