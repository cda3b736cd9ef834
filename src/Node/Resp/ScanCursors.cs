using Google.Protobuf;

namespace Cluster.Node.Resp;

/// <summary>
/// Cursors of SCAN. A cursor is a number: the shard in its upper bits, and for a place inside the shard a token that this table knows. A token it no longer
/// knows (too many scans, another node, a restart) stands for the shard's beginning: then keys come again, which SCAN may do, but none is left out. Every cursor is below
/// 2^53: clients that keep it as a double, as those in JavaScript do, would otherwise come back with another one.
/// </summary>
internal sealed class ScanCursors(Func<long> random)
{
    /// <summary>Places remembered at once; with <see cref="MaxBytes"/> this bounds the table.</summary>
    private const int MaxPlaces = 1024;

    private const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>Leaves 15 of 53 bits: for as many shards as there are hash slots, and the databases of storage modes behind them.</summary>
    private const int TokenBits = 38;

    private const ulong TokenMask = (1UL << TokenBits) - 1;
    private const int MaxShards = (1 << (53 - TokenBits)) - 1;

    private readonly Lock gate = new();
    private readonly Dictionary<ulong, LinkedListNode<Place>> places = [];
    private readonly LinkedList<Place> byAge = new();
    private long bytes;

    /// <summary>The cursor for a shard's beginning; 0 for the first shard, where SCAN begins, is also where it ends, so there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There can be no such shard.</exception>
    public static ulong StartOf(int shard) => shard is >= 0 and < MaxShards ? (ulong)(shard + 1) << TokenBits : throw new ArgumentOutOfRangeException(nameof(shard), shard, "its cursors would be no whole numbers of a double");

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

    /// <summary>Where a cursor goes on: the shard, and the key to go on behind, empty for the shard's beginning. A client may send any number: there need be no such shard, and it can be -1.</summary>
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

    /// <summary>
    /// Random, so that another node's or an earlier life's token is not taken for one of these: that would leave keys out. It happens to one such token in 2^28 at most, also when all places are of its
    /// shard. Never 0, which is the shard's beginning.
    /// </summary>
    private ulong NewToken() => ((ulong)random() % TokenMask) + 1;

    private readonly record struct Place(ulong Cursor, ByteString Key);
}
