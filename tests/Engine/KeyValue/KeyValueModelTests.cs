using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>The replicated store against the plain model: random commands, pipelined, retried, with leaders that change, clocks that differ and snapshots on the way.</summary>
public class KeyValueModelTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Replies_and_replicas_equal_the_model(int seed)
    {
        var random = new Random(seed);
        var store = new ReplicatedStore();
        // Applied: what survives a leader's loss. Proposed: what the leader decides on.
        var (applied, proposed) = (new KeyValueModel(), new KeyValueModel());
        var underWay = new Queue<(ulong Index, Action<KeyValueModel> Replay, ShardDecision Decision)>();
        var index = 0UL;
        var sequence = 0UL;
        // The store's revisions between two entries: what a client can have been told.
        var seen = new List<ulong> { 0 };
        for (var step = 0; step < 6_000; step++)
        {
            store.Now += random.Next(3);
            var now = store.LeaderNow;
            switch (random.Next(100))
            {
                case < 80:
                    var command = random.Next(6) == 0 ? RandomBatch(random, now, seen) : RandomCommand(random, now);
                    var expected = proposed.Execute(command, now);
                    var decision = store.Decide(command, session: random.Next(2) == 0 ? 9UL : 0, sequence: ++sequence);
                    Assert.Equal(expected, KvReply.Parser.ParseFrom(decision.Reply));
                    if (decision.Kind == ShardDecisionKind.Propose)
                    {
                        underWay.Enqueue((++index, model => model.Execute(command, now), decision));
                    }

                    break;
                case < 84:
                    while (store.DecideExpiry(max: 3) is { } due)
                    {
                        proposed.Expire(due, now);
                        underWay.Enqueue((++index, model => model.Expire(due, now), default));
                    }

                    Assert.False(proposed.AnyDue(now));
                    break;
                case < 97:
                    // Sometimes only a part: the next decisions rest on what is applied and on what is still under way.
                    foreach (var (at, reply) in store.Apply(most: random.Next(2) == 0 ? random.Next(1, 6) : int.MaxValue))
                    {
                        Replay(underWay, applied, at, reply);
                        seen.Add(applied.Revision);
                    }

                    store.AssertReplicasEqual();
                    CheckReads(random, store, applied.Clone(), seen);
                    break;
                default:
                    underWay.Clear();
                    store.ChangeLeader(random.Next(3));
                    store.Skew[store.LeaderNumber] = random.Next(-40, 40);
                    proposed = applied.Clone();
                    break;
            }
        }

        store.Apply();
        store.AssertReplicasEqual(snapshots: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_replica_restored_from_a_snapshot_taken_on_the_way_goes_on_as_the_others(int seed)
    {
        var random = new Random(seed);
        var store = new ReplicatedStore();
        for (var round = 0; round < 5; round++)
        {
            RunRandom(random, store, 600);
            // Taken now, written when the machine has gone on.
            var snapshot = store.Leader.TakeSnapshot();
            var hash = store.Leader.StateHash;
            var at = store.Log.Count;
            RunRandom(random, store, 600);
            var stream = ReplicatedStore.Written(snapshot);
            snapshot.Dispose();

            var late = (store.LeaderNumber + 1) % 3;
            store.Replicas[late].Restore(stream);
            Assert.Equal(hash, store.Replicas[late].StateHash);
            foreach (var (index, entry) in store.Log.Skip(at))
            {
                store.Replicas[late].Apply(index, entry);
            }

            store.AssertReplicasEqual(snapshots: true);
            store.ChangeLeader(late);
        }
    }

    private static void RunRandom(Random random, ReplicatedStore store, int commands)
    {
        for (var i = 0; i < commands; i++)
        {
            store.Now += random.Next(3);
            store.Decide(RandomCommand(random, store.LeaderNow), session: (ulong)random.Next(4), sequence: (ulong)(store.Log.Count + i + 1));
            store.Apply(random.Next(3));
        }

        store.Apply();
    }

    private static void Replay(
        Queue<(ulong Index, Action<KeyValueModel> Replay, ShardDecision Decision)> underWay, KeyValueModel applied, ulong index, Google.Protobuf.ByteString? reply)
    {
        var (at, replay, decision) = underWay.Dequeue();
        Assert.Equal(at, index);
        replay(applied);
        if (decision.Reply is not null)
        {
            Assert.Equal(decision.Reply, reply);
        }
    }

    /// <summary>Queries that need no decision equal the model; those that need one would change it.</summary>
    private static void CheckReads(Random random, ReplicatedStore store, KeyValueModel model, List<ulong> seen)
    {
        var now = store.LeaderNow;
        for (var i = 0; i < 5; i++)
        {
            var command = random.Next(3) switch
            {
                0 => RandomScan(random),
                1 => RandomGuards(random, KvCommands.Batch(KvCommands.Get(Key(random)), KvCommands.GetMetadata(Key(random))), seen),
                _ => KvCommands.Get(Key(random)),
            };
            var answer = store.Leader.Query(new ShardRequest { Machine = 1, Command = Google.Protobuf.MessageExtensions.ToByteString(command) }, now);
            var expected = model.Clone().Execute(command, now);
            if (!answer.NeedsDecision)
            {
                Assert.Equal(expected, KvReply.Parser.ParseFrom(answer.Reply));
            }
        }
    }

    private static KvCommand RandomCommand(Random random, long now)
    {
        var key = Key(random);
        var value = Bytes(random.Next(3) == 0 ? "x" : random.Next(50).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var command = random.Next(16) switch
        {
            < 3 => KvCommands.Put(key, value),
            3 => KvCommands.Put(key, value).KeepingExpiry(),
            4 => KvCommands.Put(key, value).ExpiringAfter(random.Next(1, 60)),
            5 => KvCommands.Put(key, value).ExpiringAt(now + random.Next(-5, 60)),
            6 => KvCommands.Delete(key),
            7 => KvCommands.Increment(key, random.Next(-9, 9)),
            8 => KvCommands.Append(key, value),
            9 => random.Next(2) == 0 ? KvCommands.ExpireAfter(key, random.Next(-3, 60)) : KvCommands.ExpireAt(key, now + random.Next(-3, 60)),
            10 => KvCommands.Persist(key),
            11 => KvCommands.Rename(key, Key(random)),
            12 => KvCommands.Copy(key, Key(random)),
            13 => KvCommands.SetRange(key, random.Next(4), random.Next(4) == 0 ? [] : value),
            14 => random.Next(20) == 0 ? KvCommands.Clear() : KvCommands.SetRange(key, random.Next(4), value),
            _ => KvCommands.Get(key),
        };
        if (command.Op == KvOp.Get)
        {
            return random.Next(4) switch { 0 => RandomScan(random), 1 => KvCommands.Count(), 2 => KvCommands.GetMetadata(key), _ => command };
        }

        if (command.Op == KvOp.Clear)
        {
            return command;
        }

        if (command.Op == KvOp.Expire && random.Next(2) == 0)
        {
            command.Condition = (KvCondition)random.Next((int)KvCondition.ExpiryAbsent, (int)KvCondition.ExpiryPresentSooner + 1);
            return command;
        }

        if (command.Op is KvOp.Copy or KvOp.Rename)
        {
            return random.Next(2) == 0 ? command.OnlyIfAbsent() : command;
        }

        command.ReturnValue = random.Next(3) == 0;
        return random.Next(8) switch
        {
            0 => command.OnlyIfAbsent(),
            1 => command.OnlyIfPresent(),
            2 => command.OnlyIfRevision((ulong)random.Next(30)),
            3 => command.OnlyIfValue(value),
            _ => command,
        };
    }

    /// <summary>Operations that see each other, some of them batches themselves, and guards: on what a client can have been told.</summary>
    private static KvCommand RandomBatch(Random random, long now, List<ulong> seen)
    {
        var operations = Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(5) == 0 ? RandomGuards(random, KvCommands.Batch(RandomOperations(random, now)), seen) : RandomOperations(random, now)[0]);
        return RandomGuards(random, KvCommands.Batch(operations), seen);
    }

    private static KvCommand[] RandomOperations(Random random, long now) =>
        [.. Enumerable.Range(0, 100).Select(_ => RandomCommand(random, now)).Where(command => command.Op is not (KvOp.Scan or KvOp.Count or KvOp.Clear)).Take(random.Next(1, 4))];

    private static KvCommand RandomGuards(Random random, KvCommand batch, List<ulong> seen)
    {
        for (var i = random.Next(3); i > 0; i--)
        {
            batch.Guarding(Key(random), random.Next(2) == 0 ? 0 : seen[^1] - (ulong)random.Next((int)Math.Min(seen[^1] + 1, 40)));
            if (random.Next(2) == 0)
            {
                batch.Guards[^1].Seen = seen[^random.Next(1, Math.Min(seen.Count, 10) + 1)];
            }
        }

        return batch;
    }

    private static KvCommand RandomScan(Random random) => KvCommands.Scan(
        Bytes(random.Next(2) == 0 ? "" : "k1"), Bytes(random.Next(2) == 0 ? "" : "k" + random.Next(30)), random.Next(5), random.Next(2) == 0);

    private static byte[] Key(Random random) => Bytes("k" + random.Next(30));

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
