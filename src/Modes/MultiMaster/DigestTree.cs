using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cluster.Modes.MultiMaster;

/// <summary>
/// A hash tree of two levels over all objects (Merkle 1987): the root tells whether two replicas differ, the buckets tell where. A bucket's hash is the exclusive or of its objects' hashes, so a change costs one step, not a
/// new tree.
/// </summary>
internal sealed class DigestTree
{
    /// <summary>With a hundred thousand objects some four hundred a bucket: what is sent for one difference stays small, and so does the list of hashes.</summary>
    public const int BucketCount = 256;

    private readonly UInt128[] buckets = new UInt128[BucketCount];

    public string Root => Text(buckets.Aggregate(UInt128.Zero, static (root, bucket) => root ^ bucket));

    public IReadOnlyList<string> Buckets => [.. buckets.Select(Text)];

    public static int BucketOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key))[0];

    public static UInt128 HashOf(ReadOnlySpan<byte> state)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(state, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Puts an object's hash in, or takes it out again.</summary>
    public void Toggle(int bucket, UInt128 hash) => buckets[bucket] ^= hash;

    /// <summary>Buckets in which another replica's hashes differ from these.</summary>
    public IReadOnlyList<int> Differences(IReadOnlyList<string> others) => [.. Enumerable.Range(0, BucketCount).Where(bucket => bucket < others.Count && others[bucket] != Text(buckets[bucket]))];

    private static string Text(UInt128 hash) => hash.ToString("x32", null);
}
