using System.Numerics;
using System.Runtime.InteropServices;

namespace Cluster.Node.Resp;

/// <summary>
/// A key and whether it is written, in 32 bits: 31 of a hash and one for the write. Two keys of one hash only make a command wait that need not have.
/// </summary>
internal static class KeyAccess
{
    /// <summary>Touches no key.</summary>
    public const uint None = 0;

    /// <summary>May touch any key: waits for all before it, and all behind it wait.</summary>
    public const uint All = 1;

    private const uint WriteBit = 1;

    public static uint Of(ReadOnlySpan<byte> key, bool writes)
    {
        var hash = 0x9E3779B9u;
        var words = MemoryMarshal.Cast<byte, ulong>(key);
        foreach (var word in words)
        {
            hash = BitOperations.Crc32C(hash, word);
        }

        foreach (var single in key[(words.Length * sizeof(ulong))..])
        {
            hash = BitOperations.Crc32C(hash, single);
        }

        hash &= ~WriteBit;
        return (hash == 0 ? 2 : hash) | (writes ? WriteBit : 0);
    }

    /// <summary>Whether a command must not start while one of these is under way: same key, and one of the two writes.</summary>
    public static bool Conflicts(uint access, ReadOnlySpan<uint> underWay) => access switch
    {
        None => false,
        All => underWay.IndexOfAnyExcept(None) >= 0,
        _ when (access & WriteBit) != 0 => underWay.IndexOfAny(access, access & ~WriteBit, All) >= 0,
        _ => underWay.IndexOfAny(access | WriteBit, All) >= 0,
    };
}
