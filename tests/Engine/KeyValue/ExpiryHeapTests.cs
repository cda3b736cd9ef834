using Cluster.Engine.KeyValue;

namespace Cluster.Engine.Tests.KeyValue;

public class ExpiryHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_due_equals_a_search_through_all_records(int seed)
    {
        var random = new Random(seed);
        var heap = new ExpiryHeap();
        var twin = new List<KvRecord>();
        for (var step = 0; step < 5_000; step++)
        {
            var record = new KvRecord(BitConverter.GetBytes(step), [], 1, random.Next(1, 1_000));
            switch (twin.Count == 0 ? 0 : random.Next(3))
            {
                case 0:
                    heap.Add(record);
                    twin.Add(record);
                    break;
                case 1:
                    var at = random.Next(twin.Count);
                    heap.Replace(twin[at], record);
                    twin[at] = record;
                    break;
                default:
                    var gone = random.Next(twin.Count);
                    heap.Remove(twin[gone]);
                    twin.RemoveAt(gone);
                    break;
            }

            var now = random.Next(1_000);
            var due = new List<KvRecord>();
            heap.CollectDue(now, int.MaxValue, due);
            Assert.Equal(twin.Count, heap.Count);
            Assert.Equal(twin.Where(item => item.IsDue(now)).Order(ByIdentity), due.Order(ByIdentity));
            Assert.Equal(due.Count > 0, heap.AnyDue(now));
        }
    }

    [Fact]
    public void No_more_is_collected_than_was_asked_for()
    {
        var heap = new ExpiryHeap();
        for (var i = 0; i < 100; i++)
        {
            heap.Add(new KvRecord([], [], 1, 5));
        }

        var due = new List<KvRecord>();
        heap.CollectDue(10, 7, due);
        Assert.Equal(7, due.Count);
    }

    private static readonly Comparer<KvRecord> ByIdentity =
        Comparer<KvRecord>.Create((left, right) => BitConverter.ToInt32(left.Key).CompareTo(BitConverter.ToInt32(right.Key)));
}
