using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Logs;

/// <summary>A batch as it is kept: the bytes that were replicated, and between which offsets its records lie.</summary>
/// <param name="Base">The offset of its first record when it was appended.</param>
/// <param name="Last">The same of its last: compaction may have taken either away.</param>
internal sealed record StoredBatch(ulong Base, ulong Last, long AtMs, ByteString Bytes, ulong Digest)
{
    public static readonly IComparer<StoredBatch> ByLast = Comparer<StoredBatch>.Create((left, right) => left.Last.CompareTo(right.Last));

    public static StoredBatch Of(ulong first, ulong last, long atMs, ByteString bytes) => new(first, last, atMs, bytes, StateDigest.Join(StateDigest.Of(bytes.Span), StateDigest.Join(first, last)));

    /// <summary>For a search: stands where the batch with this offset does.</summary>
    public static StoredBatch At(ulong offset) => new(offset, offset, 0, ByteString.Empty, 0);

    public LogBatch Read() => LogBatch.Parser.ParseFrom(Bytes);
}
