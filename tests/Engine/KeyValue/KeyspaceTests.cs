using System.Text;
using Cluster.Engine.KeyValue;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>The tree against the library's sorted dictionary, under random changes, with snapshots held while it changes.</summary>
public class KeyspaceTests
{
    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    public static TheoryData<string, int> Shapes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var shape in (string[])["short", "numbered", "prefixed", "zeros", "random", "falling"])
            {
                data.Add(shape, 1);
                data.Add(shape, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_tree_equals_a_sorted_dictionary_while_snapshots_stay_what_they_were(string shape, int seed)
    {
        var random = new Random(seed);
        var tree = new Keyspace();
        var twin = new SortedDictionary<byte[], KvRecord>(ByBytes);
        var held = new List<(KeyspaceSnapshot Snapshot, KvRecord[] Twin)>();
        for (var step = 0; step < 30_000; step++)
        {
            // Phases of growth and of shrinking, so that nodes split, merge and vanish.
            var growing = step / 5_000 % 2 == 0;
            var key = Key(shape, random, step);
            if (random.Next(10) < (growing ? 8 : 1))
            {
                var record = new KvRecord(key, [], (ulong)step, 0);
                Assert.Same(twin.GetValueOrDefault(key), tree.Set(record));
                twin[key] = record;
            }
            else
            {
                key = growing || twin.Count == 0 ? key : twin.Keys.ElementAt(random.Next(Math.Min(twin.Count, 20)));
                Assert.Same(twin.GetValueOrDefault(key), tree.Remove(key));
                twin.Remove(key);
            }

            if (random.Next(2_000) == 0)
            {
                held.Add((tree.TakeSnapshot(), [.. twin.Values]));
            }

            if (held.Count > 3)
            {
                var (snapshot, then) = held[random.Next(held.Count)];
                Assert.Equal(then, Records(snapshot.Seek([])));
                Assert.Equal(then.Length, snapshot.Count);
                held.RemoveAll(pair => pair.Snapshot == snapshot);
                snapshot.Dispose();
            }

            Assert.Equal(twin.Count, tree.Count);
        }

        Assert.Equal(twin.Values, Records(tree.Seek([])));
        Assert.All(twin, pair => Assert.Same(pair.Value, tree.Find(pair.Key)));
        foreach (var (snapshot, then) in held)
        {
            Assert.Equal(then, Records(snapshot.Seek([])));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_scan_starts_at_the_first_key_not_less_than_the_one_given(int seed)
    {
        var random = new Random(seed);
        var tree = new Keyspace();
        var twin = new SortedSet<byte[]>(ByBytes);
        for (var i = 0; i < 3_000; i++)
        {
            var key = Key("prefixed", random, i);
            twin.Add(key);
            tree.Set(new KvRecord(key, [], 1, 0));
        }

        for (var i = 0; i < 500; i++)
        {
            var from = Key(i % 2 == 0 ? "prefixed" : "random", random, i);
            Assert.Equal(twin.Where(key => ByBytes.Compare(key, from) >= 0).Take(100), Records(tree.Seek(from)).Take(100).Select(record => record.Key));
        }
    }

    [Fact]
    public void Everything_removed_leaves_an_empty_tree_that_can_be_filled_again()
    {
        var tree = new Keyspace();
        for (var round = 0; round < 3; round++)
        {
            var keys = Enumerable.Range(0, 20_000).Select(i => Encoding.ASCII.GetBytes($"key:{i * 7919 % 20_000:D8}")).ToArray();
            Array.ForEach(keys, key => tree.Set(new KvRecord(key, [], 1, 0)));
            Assert.Equal(20_000, tree.Count);
            new Random(round).Shuffle(keys);
            Array.ForEach(keys, key => Assert.NotNull(tree.Remove(key)));
            Assert.Equal(0, tree.Count);
            Assert.Empty(Records(tree.Seek([])));
        }
    }

    [Fact]
    public void Nodes_are_copied_only_while_a_snapshot_shares_them()
    {
        var tree = new Keyspace();
        for (var i = 0; i < 10_000; i++)
        {
            tree.Set(Numbered(i));
        }

        Assert.Equal(0, tree.CopiedNodes);
        var snapshot = tree.TakeSnapshot();
        tree.Set(Numbered(5_000));
        var once = tree.CopiedNodes;
        Assert.InRange(once, 1, 4);
        tree.Set(Numbered(5_000));
        Assert.Equal(once, tree.CopiedNodes);

        snapshot.Dispose();
        tree.Set(Numbered(1));
        tree.Remove(Numbered(9_000).Key);
        Assert.Equal(once, tree.CopiedNodes);
    }

    [Fact]
    public void A_missed_removal_copies_nothing()
    {
        var tree = new Keyspace();
        tree.Set(Numbered(1));
        using var snapshot = tree.TakeSnapshot();
        Assert.Null(tree.Remove("other"u8));
        Assert.Equal(0, tree.CopiedNodes);
    }

    [Fact]
    public void A_disposed_snapshot_is_not_read()
    {
        var snapshot = new Keyspace().TakeSnapshot();
        snapshot.Dispose();
        Assert.Throws<ObjectDisposedException>(() => snapshot.Seek([]));
    }

    private static KvRecord Numbered(int i) => new(Encoding.ASCII.GetBytes($"key:{i:D8}"), [], (ulong)i, 0);

    private static byte[] Key(string shape, Random random, int step)
    {
        switch (shape)
        {
            case "short":
                var tiny = new byte[random.Next(3)];
                random.NextBytes(tiny);
                return tiny;
            case "numbered":
                return Encoding.ASCII.GetBytes($"key:{random.Next(20_000):D12}");
            case "prefixed":
                return Encoding.ASCII.GetBytes($"tenant:{random.Next(3)}:{new string('x', random.Next(2) * 40)}:{random.Next(3_000)}");
            case "zeros":
                // Zero bytes at the end differ from the padding of heads only by length.
                return new byte[random.Next(12)].Concat(new byte[] { (byte)random.Next(3) }).Concat(new byte[random.Next(12)]).ToArray();
            case "falling":
                return Encoding.ASCII.GetBytes($"{1_000_000 - step:D9}");
            default:
                var bytes = new byte[random.Next(1, 20)];
                random.NextBytes(bytes);
                return bytes;
        }
    }

    private static IEnumerable<KvRecord> Records(KeyspaceCursor cursor)
    {
        while (cursor.MoveNext())
        {
            yield return cursor.Current;
        }
    }
}
