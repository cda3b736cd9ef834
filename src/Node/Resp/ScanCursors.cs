using Google.Protobuf;

namespace Cluster.Node.Resp;

/// <summary>
/// Cursors of SCAN. A cursor is a number: the shard in its upper bits, and for a place inside the shard a token that this table knows. A token it no longer
/// knows (too many scans, another node, a restart) stands for the shard's beginning: then keys come again, which SCAN may do, but none is left out.
/// </summary>
internal sealed class ScanCursors(Func<long> random)
{
    /// <summary>Places remembered at once; with <see cref="MaxBytes"/> this bounds the table.</summary>
    private const int MaxPlaces = 1024;

    private const long MaxBytes = 4 * 1024 * 1024;
    private const int TokenBits = 48;
    private const ulong TokenMask = (1UL << TokenBits) - 1;

    private readonly Lock gate = new();
    private readonly Dictionary<ulong, LinkedListNode<Place>> places = [];
    private readonly LinkedList<Place> byAge = new();
    private long bytes;

    /// <summary>The cursor for a shard's beginning; 0 for the first shard, where SCAN begins, is also where it ends, so there is none.</summary>
    public static ulong StartOf(int shard) => (ulong)(shard + 1) << TokenBits;

    /// <summary>The cursor that goes on behind a key of a shard.</summary>
    public ulong After(int shard, ByteString key)
    {
        lock (gate)
        {
            var cursor = StartOf(shard) | NewToken();
            while (places.ContainsKey(cursor))
            {
                cursor = StartOf(shard) | NewToken();
            }

            places.Add(cursor, byAge.AddLast(new Place(cursor, key)));
            bytes += key.Length;
            while (places.Count > MaxPlaces || (bytes > MaxBytes && places.Count > 1))
            {
                var oldest = byAge.First!.Value;
                byAge.RemoveFirst();
                places.Remove(oldest.Cursor);
                bytes -= oldest.Key.Length;
            }

            return cursor;
        }
    }

    /// <summary>Where a cursor goes on: the shard, and the key to go on behind, empty for the shard's beginning.</summary>
    public (int Shard, ByteString After) Find(ulong cursor)
    {
        if (cursor == 0)
        {
            return (0, ByteString.Empty);
        }

        var shard = (int)(cursor >> TokenBits) - 1;
        lock (gate)
        {
            if (!places.TryGetValue(cursor, out var node))
            {
                return (shard, ByteString.Empty);
            }

            // A place that was used is needed again only if the client asks twice: it is the first to go.
            byAge.Remove(node);
            byAge.AddFirst(node);
            return (shard, node.Value.Key);
        }
    }

    /// <summary>Random, so that another node's or an earlier life's token is not taken for one of these: that would leave keys out.</summary>
    private ulong NewToken() => ((ulong)random() & TokenMask) | 1;

    private readonly record struct Place(ulong Cursor, ByteString Key);
}
