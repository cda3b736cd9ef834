using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cluster.Modes.Quorum;

/// <summary>
/// A hash tree over keys (Merkle 1987; Dynamo, section 4.7): sixteen children each, three levels below the root. A leaf is the exclusive or of its keys' digests, so a key that changes costs one step there;
/// what is above is hashed anew when it is asked for. Two trees with one root have the same keys in the same states.
/// </summary>
internal sealed class MerkleTree
{
    public const int Children = 16;

    /// <summary>The level of the leaves; the root's is 0.</summary>
    public const int LeafLevel = 3;

    /// <summary>4096: a difference of one key is found by sending some sixty hashes, and a million keys are 250 a leaf.</summary>
    public const int Leaves = Children * Children * Children;

    /// <summary>By level, then place. Null: to be hashed anew.</summary>
    private readonly ulong?[][] levels = [new ulong?[1], new ulong?[Children], new ulong?[Children * Children], new ulong?[Leaves]];

    /// <summary>The leaf of a key: by its place on the ring, of which a leaf is an arc.</summary>
    public static int LeafOf(string key) => (int)(HashRing.PointOf(key) / (ulong.MaxValue / Leaves + 1));

    public static bool Exists(int level, int index) => level is >= 0 and <= LeafLevel && index >= 0 && index < Width(level);

    /// <summary>The children of a place, on the level below.</summary>
    public static IEnumerable<int> ChildrenOf(int index) => Enumerable.Range(index * Children, Children);

    /// <summary>A key's digest changed; <see cref="StateDigest.None"/> where there was or is nothing.</summary>
    public void Change(int leaf, ulong before, ulong after)
    {
        levels[LeafLevel][leaf] = (levels[LeafLevel][leaf] ?? 0) ^ before ^ after;
        for (var (level, index) = (LeafLevel - 1, leaf / Children); level >= 0; level--, index /= Children)
        {
            levels[level][index] = null;
        }
    }

    public ulong Hash(int level, int index)
    {
        if (level == LeafLevel)
        {
            return levels[level][index] ?? 0;
        }

        return levels[level][index] ??= HashChildren(level, index);
    }

    private static int Width(int level) => level switch { 0 => 1, 1 => Children, 2 => Children * Children, _ => Leaves };

    private ulong HashChildren(int level, int index)
    {
        Span<byte> all = stackalloc byte[Children * sizeof(ulong)];
        foreach (var (place, child) in ChildrenOf(index).Index())
        {
            BinaryPrimitives.WriteUInt64BigEndian(all[(place * sizeof(ulong))..], Hash(level + 1, child));
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(all, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
