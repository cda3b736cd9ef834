using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Engine.Tests.KeyValue;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Sharding;

/// <summary>The shard round its machines: exactly-once retries, answers that wait, snapshots, and what is wrong from outside.</summary>
public class ShardMachineTests
{
    private readonly ReplicatedStore store = new();

    [Fact]
    public void A_retry_has_one_effect_and_the_same_reply_before_and_after_it_is_applied()
    {
        var first = store.Decide(Increment(), session: 7, sequence: 1);
        var meanwhile = store.Decide(Increment(), session: 7, sequence: 1);
        Assert.Equal((ShardDecisionKind.UnderWay, 1UL), (meanwhile.Kind, meanwhile.AfterIndex));
        Assert.Equal(first.Reply, store.Apply()[1]);
        var late = store.Decide(Increment(), session: 7, sequence: 1);
        Assert.Equal((ShardDecisionKind.Answer, false), (late.Kind, late.NeedsBarrier));
        Assert.Equal(first.Reply, late.Reply);
        Assert.Equal("1", store.Read(KvCommands.Get("n"u8.ToArray())).Value.ToStringUtf8());
    }

    [Fact]
    public void Where_sessions_are_forgotten_on_purpose_a_retry_takes_effect_again_on_every_replica_alike()
    {
        var flawed = new ReplicatedStore(new SessionOptions { Forgotten = true });
        Assert.Equal(ShardDecisionKind.Propose, flawed.Decide(Increment(), session: 7, sequence: 1).Kind);
        Assert.Equal(ShardDecisionKind.Propose, flawed.Decide(Increment(), session: 7, sequence: 1).Kind);
        flawed.Apply();
        Assert.Equal("2", flawed.Read(KvCommands.Get("n"u8.ToArray())).Value.ToStringUtf8());
        flawed.AssertReplicasEqual(snapshots: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Retries_across_leaders_take_effect_once(int seed)
    {
        var random = new Random(seed);
        var replies = new Dictionary<ulong, ByteString>();
        for (var sequence = 1UL; sequence <= 500; sequence++)
        {
            for (var tries = random.Next(1, 4); tries > 0 || !replies.ContainsKey(sequence); tries--)
            {
                var decision = store.Decide(Increment(), session: 7, sequence, acknowledgedBelow: sequence);
                if (decision.Kind == ShardDecisionKind.Answer)
                {
                    Assert.Equal(replies.TryAdd(sequence, decision.Reply!) ? decision.Reply : replies[sequence], decision.Reply);
                }

                // The reply is lost on its way, the leader too, sometimes before the entry is committed.
                store.Apply(random.Next(2));
                if (random.Next(5) == 0)
                {
                    store.ChangeLeader(random.Next(3));
                }
            }
        }

        Assert.Equal("500", store.Read(KvCommands.Get("n"u8.ToArray())).Value.ToStringUtf8());
        store.AssertReplicasEqual(snapshots: true);
    }

    [Fact]
    public void A_refused_condition_is_remembered_so_that_a_late_duplicate_cannot_take_effect()
    {
        var put = KvCommands.Put("k"u8.ToArray(), "new"u8.ToArray()).OnlyIfAbsent();
        store.Run(KvCommands.Put("k"u8.ToArray(), "old"u8.ToArray()));
        Assert.Equal(KvStatus.ConditionFailed, store.Run(put, session: 7, sequence: 1).Status);
        store.Run(KvCommands.Delete("k"u8.ToArray()));
        Assert.Equal(KvStatus.ConditionFailed, store.Run(put, session: 7, sequence: 1).Status);
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.Get("k"u8.ToArray())).Status);
    }

    [Fact]
    public void An_answer_that_rests_on_proposals_waits_for_them()
    {
        store.Decide(KvCommands.Put("k"u8.ToArray(), "v"u8.ToArray()));
        var answer = store.Decide(KvCommands.Put("k"u8.ToArray(), "v"u8.ToArray()).OnlyIfAbsent());
        Assert.Equal((ShardDecisionKind.Answer, true, 1UL), (answer.Kind, answer.NeedsBarrier, answer.AfterIndex));
        store.Apply();
        Assert.Equal(0UL, store.Decide(KvCommands.Get("k"u8.ToArray())).AfterIndex);
    }

    [Fact]
    public void Followers_know_only_replies_that_somebody_may_ask_for_again()
    {
        store.Decide(Increment());
        var decision = store.Decide(Increment(), session: 7, sequence: 1);
        var entries = new List<ByteString?>();
        store.Leader.DropProposed();
        entries.AddRange(store.Apply().Values);
        Assert.Null(entries[0]);
        Assert.Equal(decision.Reply, entries[1]);
    }

    [Fact]
    public void What_the_session_no_longer_remembers_is_refused_as_unknown()
    {
        store.Run(Increment(), session: 7, sequence: 5, acknowledgedBelow: 5);
        Assert.Equal(ErrorCode.OutcomeUnknown, store.Decide(Increment(), session: 7, sequence: 4).Error);
        Assert.Equal(ErrorCode.OutcomeUnknown, store.Decide(Increment(), session: 8, sequence: 4, acknowledgedBelow: 5).Error);
        Assert.Equal(ErrorCode.BadRequest, store.Decide(Increment(), session: 8, sequence: 0).Error);
    }

    [Fact]
    public void An_unknown_machine_is_refused_by_name()
    {
        var request = new ShardRequest { Machine = 42 };
        var decision = store.Leader.Decide(request, store.Now);
        Assert.Equal((ShardDecisionKind.Refused, ErrorCode.BadRequest), (decision.Kind, decision.Error));
        Assert.Contains("42", decision.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.BadRequest, store.Leader.Query(request, store.Now).Error);
    }

    [Fact]
    public void A_corrupt_entry_stops_the_replica()
    {
        var shard = new ShardMachine(new KeyValueMachine());
        Assert.Throws<InvalidDataException>(() => shard.Apply(1, ByteString.CopyFrom(0xFF, 0xFF, 0xFF)));
        Assert.Throws<InvalidDataException>(() => shard.Apply(1, new ShardEntry { Machine = 42 }.ToByteString()));
        Assert.Throws<InvalidDataException>(() => shard.Apply(1, Entry(ByteString.CopyFrom(0xFF, 0xFF, 0xFF))));
        Assert.Throws<InvalidDataException>(() => shard.Apply(1, Entry(new KvEvents { FirstRevision = 9 }.ToByteString())));
        var missing = new KvEvents { FirstRevision = 1, Events = { new KvEvent { Kind = KvEventKind.Delete } } };
        Assert.Throws<InvalidDataException>(() => shard.Apply(1, Entry(missing.ToByteString())));
    }

    [Fact]
    public void Entries_out_of_order_and_forgotten_proposals_are_told_to_the_host()
    {
        var entry = store.Decide(Increment()).Entry!;
        store.Apply();
        Assert.Throws<InvalidOperationException>(() => store.Leader.Apply(1, entry));
        var stale = store.Leader.Decide(Request(Increment()), store.Now);
        store.Leader.Proposed(5, stale);
        Assert.Throws<InvalidOperationException>(() => store.Leader.Proposed(5, stale));
        Assert.Throws<InvalidOperationException>(() => store.Leader.Apply(6, stale.Entry!));
    }

    [Fact]
    public void A_broken_snapshot_is_refused_wherever_it_is_broken()
    {
        for (var i = 0UL; i < 30; i++)
        {
            store.Run(KvCommands.Put(BitConverter.GetBytes(i), new byte[20]).ExpiringAfter(1_000), session: 7, sequence: i + 1);
        }

        var good = ReplicatedStore.SnapshotOf(store.Leader).ToArray();
        var random = new Random(1);
        for (var i = 0; i < 400; i++)
        {
            var bad = (byte[])good.Clone();
            // Not the applied index: the host knows it from the snapshot's own name.
            var at = random.Next(2) == 0 ? random.Next(8) : random.Next(16, good.Length);
            bad[at] ^= (byte)random.Next(1, 256);
            Assert.Throws<InvalidDataException>(() => new ShardMachine(new KeyValueMachine()).Restore(new MemoryStream(bad)));
            Assert.Throws<InvalidDataException>(() => new ShardMachine(new KeyValueMachine()).Restore(new MemoryStream(good, 0, random.Next(good.Length))));
        }
    }

    [Fact]
    public void A_snapshot_is_written_on_another_thread_while_entries_are_applied()
    {
        for (var i = 0; i < 5_000; i++)
        {
            store.Decide(KvCommands.Put(BitConverter.GetBytes(i), BitConverter.GetBytes(i)), session: (ulong)(i % 7) + 1, sequence: (ulong)i + 1);
        }

        store.Apply();
        var expected = ReplicatedStore.SnapshotOf(store.Leader).ToArray();
        using var snapshot = store.Leader.TakeSnapshot();
        byte[]? written = null;
        var writer = new Thread(() => written = ReplicatedStore.Written(snapshot).ToArray());
        writer.Start();
        for (var i = 0; i < 5_000; i++)
        {
            store.Decide(i % 2 == 0 ? KvCommands.Delete(BitConverter.GetBytes(i)) : Increment(), session: (ulong)(i % 7) + 1, sequence: (ulong)i + 9_000);
            store.Apply();
        }

        writer.Join();
        Assert.Equal(expected, written);
        var restored = new ShardMachine(new KeyValueMachine());
        restored.Restore(new MemoryStream(written!));
        Assert.Equal(snapshot.StateHash, restored.StateHash);
        Assert.Equal(snapshot.AppliedIndex, restored.AppliedIndex);
    }

    [Fact]
    public void Machines_are_found_by_type_and_numbers_are_theirs_alone()
    {
        Assert.Same(store.Leader.Find<KeyValueMachine>(), store.Leader.Find<IShardMachine>());
        Assert.Null(store.Leader.Find<string>());
        Assert.Throws<ArgumentException>(() => new ShardMachine(new KeyValueMachine(), new KeyValueMachine()));
    }

    private static KvCommand Increment() => KvCommands.Increment("n"u8.ToArray(), 1);

    private static ShardRequest Request(KvCommand command) => new() { Machine = KeyValueMachine.Id, Command = command.ToByteString() };

    private static ByteString Entry(ByteString @event) => new ShardEntry { Machine = KeyValueMachine.Id, Event = @event }.ToByteString();
}
