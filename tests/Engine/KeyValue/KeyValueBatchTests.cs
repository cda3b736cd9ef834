using System.Text;
using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Slots;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>What a batch promises, said plainly; the model test says the rest.</summary>
public class KeyValueBatchTests
{
    private readonly ReplicatedStore store = new();

    [Fact]
    public void A_batch_is_one_entry_whose_reads_see_the_writes_before_them()
    {
        var reply = store.Run(KvCommands.Batch(
            KvCommands.Put(Bytes("a"), Bytes("1")), KvCommands.Increment(Bytes("a"), 4), KvCommands.Get(Bytes("a")), KvCommands.Delete(Bytes("a")), KvCommands.Get(Bytes("a")), KvCommands.Put(Bytes("b"), Bytes("x"))));
        Assert.Equal(
            [(KvStatus.Ok, ""), (KvStatus.Ok, ""), (KvStatus.Ok, "5"), (KvStatus.Ok, ""), (KvStatus.NotFound, ""), (KvStatus.Ok, "")],
            reply.Replies.Select(one => (one.Status, one.Value.ToStringUtf8())));
        Assert.Single(store.Log);
        store.AssertReplicasEqual(snapshots: true);
    }

    [Fact]
    public void An_operation_that_fails_fails_alone()
    {
        store.Run(KvCommands.Put(Bytes("word"), Bytes("one")));
        var reply = store.Run(KvCommands.Batch(KvCommands.Put(Bytes("a"), Bytes("1")), KvCommands.Increment(Bytes("word"), 1), KvCommands.Put(Bytes("b"), Bytes("2"))));
        Assert.Equal([KvStatus.Ok, KvStatus.NotAnInteger, KvStatus.Ok], reply.Replies.Select(one => one.Status));
        Assert.Equal("2", Read("b"));
    }

    [Fact]
    public void A_guard_that_does_not_hold_leaves_everything_as_it_was()
    {
        var revision = store.Run(KvCommands.Put(Bytes("a"), Bytes("1"))).Revision;
        store.Run(KvCommands.Put(Bytes("a"), Bytes("1")));
        var reply = store.Run(KvCommands.Batch(KvCommands.Put(Bytes("b"), Bytes("2"))).Guarding(Bytes("a"), revision));
        Assert.Equal(KvStatus.ConditionFailed, reply.Status);
        Assert.Empty(reply.Replies);
        Assert.Null(Read("b"));
    }

    [Fact]
    public void A_key_deleted_and_made_again_alike_is_not_the_key_that_was_watched()
    {
        var revision = store.Run(KvCommands.Put(Bytes("a"), Bytes("1"))).Revision;
        store.Run(KvCommands.Delete(Bytes("a")));
        store.Run(KvCommands.Put(Bytes("a"), Bytes("1")));
        Assert.Equal(KvStatus.ConditionFailed, store.Run(KvCommands.Batch().Guarding(Bytes("a"), revision)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_absent_key_that_came_and_went_was_changed(bool applied)
    {
        store.Run(KvCommands.Put(Bytes("other"), Bytes("1")));
        var watched = Watch("a");
        store.Run(KvCommands.Delete(Bytes("other")));
        Assert.Equal(KvStatus.Ok, store.Run(watched).Status);
        store.Decide(KvCommands.Put(Bytes("a"), Bytes("1")));
        store.Decide(KvCommands.Delete(Bytes("a")));
        if (applied)
        {
            store.Apply();
        }

        Assert.Equal(KvStatus.ConditionFailed, store.Run(watched).Status);
    }

    [Fact]
    public void What_happened_to_an_absent_key_before_a_snapshot_is_not_known_and_counts_as_a_change()
    {
        store.Run(KvCommands.Put(Bytes("other"), Bytes("1")));
        var watched = Watch("a");
        store.Run(KvCommands.Put(Bytes("other"), Bytes("2")));
        store.Leader.Restore(ReplicatedStore.SnapshotOf(store.Leader));
        Assert.Equal(KvStatus.ConditionFailed, store.Run(watched).Status);
        Assert.Equal(KvStatus.Ok, store.Run(Watch("a")).Status);
    }

    [Fact]
    public void A_watched_key_past_its_deadline_has_changed_and_one_that_was_so_before_has_not()
    {
        store.Run(KvCommands.Put(Bytes("a"), Bytes("1")).ExpiringAfter(50));
        var alive = Watch("a");
        store.Now += 60;
        Assert.Equal(KvStatus.ConditionFailed, store.Run(alive).Status);
        var gone = Watch("a");
        Assert.Equal(KvStatus.Ok, store.Run(gone).Status);
    }

    [Fact]
    public void A_batch_retried_takes_effect_once()
    {
        var batch = KvCommands.Batch(KvCommands.Increment(Bytes("a"), 1), KvCommands.Increment(Bytes("a"), 1));
        var first = store.Run(batch, session: 7, sequence: 1);
        Assert.Equal(first, store.Run(batch, session: 7, sequence: 1));
        Assert.Equal("2", Read("a"));
    }

    [Fact]
    public void A_batch_refused_for_its_guard_is_refused_again_when_it_is_retried()
    {
        var batch = KvCommands.Batch(KvCommands.Put(Bytes("a"), Bytes("1"))).Guarding(Bytes("b"), 5);
        store.Run(batch, session: 7, sequence: 1);
        for (var revision = 0; revision < 5; revision++)
        {
            store.Run(KvCommands.Put(Bytes("b"), Bytes("x")));
        }

        Assert.Equal(KvStatus.ConditionFailed, store.Run(batch, session: 7, sequence: 1).Status);
    }

    [Fact]
    public void A_batch_of_reads_writes_no_log()
    {
        store.Run(KvCommands.Put(Bytes("a"), Bytes("1")));
        var reads = KvCommands.Batch(KvCommands.Get(Bytes("a")), KvCommands.Batch(KvCommands.Get(Bytes("b"))));
        Assert.True(KvCommands.IsRead(reads));
        var reply = store.Read(reads);
        Assert.Equal("1", reply.Replies[0].Value.ToStringUtf8());
        Assert.Equal(1UL, reply.Revision);
        Assert.Equal(ShardDecisionKind.Answer, store.Decide(reads).Kind);
        Assert.Single(store.Log);
    }

    [Fact]
    public void A_batch_in_a_batch_is_done_as_a_whole_or_not_at_all()
    {
        var setAll = KvCommands.Batch(KvCommands.Put(Bytes("a"), Bytes("1")), KvCommands.Put(Bytes("b"), Bytes("1"))).Guarding(Bytes("a"), 0).Guarding(Bytes("b"), 0);
        var reply = store.Run(KvCommands.Batch(KvCommands.Put(Bytes("b"), Bytes("x")), setAll, KvCommands.Delete(Bytes("b")), setAll));
        Assert.Equal([KvStatus.Ok, KvStatus.ConditionFailed, KvStatus.Ok, KvStatus.Ok], reply.Replies.Select(one => one.Status));
        Assert.Equal("1", Read("b"));
    }

    [Fact]
    public void What_is_wrong_with_one_operation_refuses_the_batch()
    {
        var tooDeep = KvCommands.Batch(KvCommands.Batch(KvCommands.Batch(KvCommands.Get(Bytes("a")))));
        var tooMany = KvCommands.Batch(Enumerable.Range(0, KvLimits.MaxBatchOperations + 1).Select(_ => KvCommands.Get(Bytes("a"))));
        var tooLarge = KvCommands.Batch(KvCommands.Put(Bytes("a"), new byte[KvLimits.MaxBatchBytes]));
        var wholeShard = KvCommands.Batch(KvCommands.Put(Bytes("a"), Bytes("1")), KvCommands.Count());
        Assert.Equal([KvStatus.BadCommand, KvStatus.TooLarge, KvStatus.TooLarge, KvStatus.BadCommand], new[] { tooDeep, tooMany, tooLarge, wholeShard }.Select(batch => store.Run(batch).Status));
        Assert.Empty(store.Log);
    }

    [Fact]
    public void A_batch_that_would_answer_with_or_make_too_much_has_no_effect()
    {
        store.Run(KvCommands.Put(Bytes("large"), new byte[KvLimits.MaxValueBytes / 2]));
        var answers = KvCommands.Batch(KvCommands.Put(Bytes("a"), Bytes("1")), KvCommands.Get(Bytes("large")), KvCommands.Get(Bytes("large")), KvCommands.Get(Bytes("a")), KvCommands.Get(Bytes("large")));
        var copies = KvCommands.Batch(Enumerable.Range(0, 3).Select(copy => KvCommands.Copy(Bytes("large"), Bytes("copy" + copy))));
        var appends = KvCommands.Batch(Enumerable.Range(0, 20).Select(_ => KvCommands.Append(Bytes("large"), Bytes("x"))));
        Assert.All(new[] { answers, copies, appends }, batch => Assert.Equal(KvStatus.TooLarge, store.Run(batch).Status));
        Assert.Null(Read("a"));
        Assert.Single(store.Log);
    }

    [Fact]
    public void A_rename_takes_value_and_deadline_along()
    {
        store.Run(KvCommands.Put(Bytes("a"), Bytes("1")).ExpiringAfter(50));
        store.Run(KvCommands.Put(Bytes("b"), Bytes("2")));
        Assert.Equal(KvStatus.ConditionFailed, store.Run(KvCommands.Rename(Bytes("a"), Bytes("b")).OnlyIfAbsent()).Status);
        store.Run(KvCommands.Rename(Bytes("a"), Bytes("b")));
        Assert.Equal((null, "1"), (Read("a"), Read("b")));
        store.Now += 60;
        Assert.Null(Read("b"));
    }

    [Fact]
    public void Keys_are_counted_and_found_by_slot_also_after_a_snapshot()
    {
        var names = Enumerable.Range(0, 200).Select(number => $"k{number}").ToArray();
        foreach (var name in names)
        {
            store.Run(KvCommands.Put(Bytes(name), Bytes("1")));
        }

        store.Run(KvCommands.Delete(Bytes("k7")));
        store.Leader.Restore(ReplicatedStore.SnapshotOf(store.Leader));
        foreach (var group in names.Append("{k3}x").GroupBy(name => HashSlot.Of(Bytes(name))))
        {
            var expected = group.Except(["k7", "{k3}x"]).Order(StringComparer.Ordinal).ToArray();
            Assert.Equal(expected.Length, store.Read(KvCommands.CountSlot(group.Key)).Number);
            Assert.Equal(expected, store.Read(KvCommands.ScanSlot(group.Key, default, 10)).Entries.Select(entry => entry.Key.ToStringUtf8()));
        }
    }

    /// <summary>A batch that does nothing and asks that the key be as it is now.</summary>
    private KvCommand Watch(string key)
    {
        var seen = store.Read(KvCommands.Batch(KvCommands.GetMetadata(Bytes(key))));
        var watched = KvCommands.Batch().Guarding(Bytes(key), seen.Replies[0].Revision);
        watched.Guards[0].Seen = seen.Revision;
        return watched;
    }

    private string? Read(string key) => store.Read(KvCommands.Get(Bytes(key))) is { HasValue: true } reply ? reply.Value.ToStringUtf8() : null;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
