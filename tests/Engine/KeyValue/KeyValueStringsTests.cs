using System.Text;
using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>Parts of values, decimal counters, lives under conditions, all keys at once: each one decision, the same on every replica.</summary>
public class KeyValueStringsTests
{
    private readonly ReplicatedStore store = new();

    [Fact]
    public void A_patch_logs_only_its_bytes_and_fills_gaps_with_zeros()
    {
        store.Run(KvCommands.Put(Bytes("a"), new byte[100_000]).ExpiringAfter(5_000));
        Assert.Equal(100_000, store.Run(KvCommands.SetRange(Bytes("a"), 50_000, Bytes("mid"))).Number);
        Assert.InRange(store.Log[^1].Entry.Length, 1, 100);
        Assert.Equal(100_012, store.Run(KvCommands.SetRange(Bytes("a"), 100_009, Bytes("end"))).Number);
        Assert.Equal("\0mid\0", store.Read(KvCommands.GetRange(Bytes("a"), 49_999, 50_003)).Value.ToStringUtf8());
        Assert.Equal("\0\0\0end", store.Read(KvCommands.GetRange(Bytes("a"), -6, -1)).Value.ToStringUtf8());
        Assert.Equal(store.Now + 5_000, store.Read(KvCommands.GetMetadata(Bytes("a"))).ExpiresAtMs);
        store.AssertReplicasEqual(snapshots: true);
    }

    [Fact]
    public void Pipelined_patches_and_sums_each_see_the_one_before()
    {
        store.Decide(KvCommands.SetRange(Bytes("a"), 2, Bytes("x")));
        store.Decide(KvCommands.SetRange(Bytes("a"), 0, Bytes("yz")));
        store.Decide(KvCommands.Append(Bytes("a"), Bytes("!")));
        store.Decide(KvCommands.IncrementFloat(Bytes("f"), Bytes("1.5")));
        var last = store.Decide(KvCommands.IncrementFloat(Bytes("f"), Bytes("0.25")));
        Assert.Equal("1.75", KvReply.Parser.ParseFrom(last.Reply).Value.ToStringUtf8());
        store.Apply();
        Assert.Equal("yzx!", store.Read(KvCommands.Get(Bytes("a"))).Value.ToStringUtf8());
        Assert.Equal("1.75", store.Read(KvCommands.Get(Bytes("f"))).Value.ToStringUtf8());
        store.AssertReplicasEqual(snapshots: true);
    }

    [Fact]
    public void A_sum_told_twice_is_added_once()
    {
        var first = store.Run(KvCommands.IncrementFloat(Bytes("f"), Bytes("0.1")), session: 7, sequence: 1);
        var again = store.Run(KvCommands.IncrementFloat(Bytes("f"), Bytes("0.1")), session: 7, sequence: 1);
        Assert.Equal(first, again);
        Assert.Equal("0.1", store.Read(KvCommands.Get(Bytes("f"))).Value.ToStringUtf8());
    }

    [Fact]
    public void What_cannot_be_is_refused_and_changes_nothing()
    {
        store.Run(KvCommands.Put(Bytes("a"), Bytes("word")));
        Assert.Equal(KvStatus.NotAFloat, store.Run(KvCommands.IncrementFloat(Bytes("a"), Bytes("1"))).Status);
        Assert.Equal(KvStatus.NotAFloat, store.Run(KvCommands.IncrementFloat(Bytes("b"), Bytes("x"))).Status);
        Assert.Equal(KvStatus.NotFinite, store.Run(KvCommands.IncrementFloat(Bytes("b"), Bytes("inf"))).Status);
        Assert.Equal(KvStatus.TooLarge, store.Run(KvCommands.SetRange(Bytes("a"), KvLimits.MaxValueBytes, Bytes("x"))).Status);
        Assert.Equal(KvStatus.TooLarge, store.Run(KvCommands.SetRange(Bytes("a"), long.MaxValue, Bytes("x"))).Status);
        Assert.Equal(KvStatus.BadCommand, store.Run(KvCommands.SetRange(Bytes("a"), -1, Bytes("x"))).Status);
        Assert.Equal(4, store.Run(KvCommands.SetRange(Bytes("a"), long.MaxValue, Bytes(""))).Number);
        Assert.Equal(KvStatus.BadCommand, store.Run(KvCommands.Put(Bytes("a"), Bytes("x")).Also(put => put.Condition = KvCondition.ExpiryLater)).Status);
        Assert.Single(store.Log);
    }

    [Theory]
    [InlineData(KvCondition.ExpiryAbsent, 0, 50, true)]
    [InlineData(KvCondition.ExpiryAbsent, 100, 50, false)]
    [InlineData(KvCondition.ExpiryPresent, 0, 50, false)]
    [InlineData(KvCondition.ExpiryPresent, 100, 50, true)]
    [InlineData(KvCondition.ExpiryLater, 0, 50, false)]
    [InlineData(KvCondition.ExpiryLater, 100, 100, false)]
    [InlineData(KvCondition.ExpiryLater, 100, 101, true)]
    [InlineData(KvCondition.ExpirySooner, 0, 50, true)]
    [InlineData(KvCondition.ExpirySooner, 100, 100, false)]
    [InlineData(KvCondition.ExpirySooner, 100, 99, true)]
    [InlineData(KvCondition.ExpiryPresentSooner, 0, 50, false)]
    [InlineData(KvCondition.ExpiryPresentSooner, 100, 99, true)]
    public void A_life_is_set_only_under_its_condition(KvCondition condition, long before, long after, bool holds)
    {
        var put = KvCommands.Put(Bytes("a"), Bytes("1"));
        store.Run(before == 0 ? put : put.ExpiringAfter(before));
        var reply = store.Run(KvCommands.ExpireAfter(Bytes("a"), after).Also(expire => expire.Condition = condition));
        Assert.Equal(holds ? KvStatus.Ok : KvStatus.ConditionFailed, reply.Status);
        Assert.Equal(holds ? store.Now + after : before == 0 ? 0 : store.Now + before, store.Read(KvCommands.GetMetadata(Bytes("a"))).ExpiresAtMs);
        Assert.Equal(KvStatus.ConditionFailed, store.Run(KvCommands.ExpireAfter(Bytes("none"), after).Also(expire => expire.Condition = condition)).Status);
    }

    [Fact]
    public void A_read_can_end_or_prolong_a_life_in_one_step()
    {
        store.Run(KvCommands.Put(Bytes("a"), Bytes("1")).ExpiringAfter(100));
        var persisted = store.Run(KvCommands.Persist(Bytes("a")).ReturningPrevious());
        Assert.Equal(("1", 0L), (persisted.Value.ToStringUtf8(), persisted.ExpiresAtMs));
        Assert.Equal("1", store.Run(KvCommands.Persist(Bytes("a")).ReturningPrevious()).Value.ToStringUtf8());
        Assert.Equal("1", store.Run(KvCommands.ExpireAt(Bytes("a"), 1).ReturningPrevious()).Value.ToStringUtf8());
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.Get(Bytes("a"))).Status);
    }

    [Fact]
    public void Clearing_a_shard_is_one_event_that_what_is_under_way_sees()
    {
        for (var i = 0; i < 500; i++)
        {
            store.Run(KvCommands.Put(Bytes("k" + i), Bytes("v")).ExpiringAfter(1 + i));
        }

        var snapshot = store.Leader.TakeSnapshot();
        store.Decide(KvCommands.Put(Bytes("before"), Bytes("1")));
        Assert.Equal(501, KvReply.Parser.ParseFrom(store.Decide(KvCommands.Clear()).Reply).Number);
        Assert.Equal(1L, KvReply.Parser.ParseFrom(store.Decide(KvCommands.Increment(Bytes("k1"), 1)).Reply).Number);
        Assert.Equal(KvStatus.NotFound, KvReply.Parser.ParseFrom(store.Decide(KvCommands.Delete(Bytes("before"))).Reply).Status);
        store.Now += 10_000;
        Assert.Null(store.DecideExpiry(10));
        var scan = KvReply.Parser.ParseFrom(store.Decide(KvCommands.Scan(default, default, 0, withValues: false)).Reply);
        Assert.Equal(["k1"], scan.Entries.Select(entry => entry.Key.ToStringUtf8()));
        Assert.InRange(store.Log[^1].Entry.Length, 1, 200);
        store.Apply();
        Assert.Equal(1, store.Read(KvCommands.Count()).Number);
        store.AssertReplicasEqual(snapshots: true);

        // What was seen before stays to be seen: a snapshot under way does not lose keys.
        var late = new ShardMachine(new SessionOptions(), new KeyValueMachine());
        late.Restore(ReplicatedStore.Written(snapshot));
        snapshot.Dispose();
        foreach (var (index, entry) in store.Log.Skip(500))
        {
            late.Apply(index, entry);
        }

        Assert.Equal(store.Leader.StateHash, late.StateHash);
    }

    [Fact]
    public void A_clear_that_a_lost_leader_proposed_leaves_nothing_behind()
    {
        store.Run(KvCommands.Put(Bytes("a"), Bytes("1")));
        store.Decide(KvCommands.Clear());
        store.ChangeLeader(0);
        Assert.Equal(2, store.Run(KvCommands.Increment(Bytes("a"), 1)).Number);
        Assert.Equal(1, store.Read(KvCommands.Count()).Number);
        Assert.Equal(0UL, store.Run(KvCommands.Clear()).Revision);
        Assert.Equal(3, store.Log.Count);
        Assert.Equal(0, store.Run(KvCommands.Clear()).Number);
        Assert.Equal(3, store.Log.Count);
    }

    [Fact]
    public void A_random_key_is_some_key_that_lives_and_each_has_its_turn()
    {
        for (var i = 0; i < 200; i++)
        {
            store.Run(i < 100 ? KvCommands.Put(Bytes("k" + i), Bytes("v")) : KvCommands.Put(Bytes("k" + i), Bytes("v")).ExpiringAfter(10));
        }

        store.Now += 20;
        var random = new Random(3);
        var seen = new HashSet<string>();
        for (var i = 0; i < 3_000; i++)
        {
            seen.Add(store.Read(KvCommands.RandomKey(random.NextInt64())).Entries.Single().Key.ToStringUtf8());
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => "k" + i).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        store.Run(KvCommands.Clear());
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.RandomKey(1)).Status);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
