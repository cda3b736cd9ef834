using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Engine.Sharding.Entities;
using Cluster.Shared.Results;

namespace Cluster.Engine.Tests.Sharding.Entities;

/// <summary>Entities in one shard: decided ahead, applied everywhere, put to rest and woken without a trace.</summary>
public class EntityMachineTests
{
    private readonly ReplicatedEntities shard = new();

    [Fact]
    public void Pipelined_commands_decide_on_what_is_proposed()
    {
        shard.Decide("alice", new Deposit(100));
        Assert.Equal("40", shard.Words(shard.Decide("alice", new Withdraw(60)).Reply!));
        Assert.Equal("Refused: alice has 40, not 60", shard.Words(shard.Decide("alice", new Withdraw(60)).Reply!));
        Assert.Equal("0", shard.Query("alice", new GetBalance(), replica: 0));
        shard.Apply();
        Assert.All(Enumerable.Range(0, 3), replica => Assert.Equal("40", shard.Query("alice", new GetBalance(), replica)));
        shard.AssertReplicasEqual();
    }

    [Fact]
    public void What_a_lost_leader_proposed_is_forgotten()
    {
        shard.Run("alice", new Deposit(10));
        shard.Decide("alice", new Deposit(90));
        shard.Decide("bob", new Deposit(5));
        shard.ChangeLeader(1);
        Assert.Equal("Refused: alice has 10, not 100", shard.Run("alice", new Withdraw(100)));
        shard.ChangeLeader(0);
        Assert.Equal("Refused: bob has 0, not 1", shard.Run("bob", new Withdraw(1)));
        Assert.Equal("3", shard.Run("alice", new Withdraw(7)));
        shard.AssertReplicasEqual();
    }

    [Fact]
    public void A_retry_has_one_effect_and_the_same_reply()
    {
        var first = shard.Decide("alice", new Deposit(1), session: 7, sequence: 1);
        shard.Apply();
        var again = shard.Decide("alice", new Deposit(1), session: 7, sequence: 1);
        Assert.Equal(ShardDecisionKind.Answer, again.Kind);
        Assert.Equal(first.Reply, again.Reply);
        Assert.Equal("1", shard.Query("alice", new GetBalance(), 0));
    }

    [Fact]
    public void Resting_changes_neither_hash_nor_snapshot_nor_answers()
    {
        for (var i = 0; i < 50; i++)
        {
            shard.Run($"account-{i % 10}", new Deposit(i));
        }

        shard.Replicas[1].Rest(shard.Now + 60_000);
        shard.AssertReplicasEqual();
        Assert.Equal((0, 10), Counts(1));
        Assert.Equal((10, 0), Counts(0));
        var balance = shard.Query("account-3", new GetBalance(), 0);
        Assert.Equal(balance, shard.Query("account-3", new GetBalance(), 1));
        Assert.Equal((1, 9), Counts(1));
        shard.Run("account-4", new Withdraw(1));
        shard.AssertReplicasEqual();

        (int, int) Counts(int replica)
        {
            var held = shard.Replicas[replica].Find<EntityMachine<Account, AccountCommand, AccountEvent>>()!;
            return (held.Counts.Live, held.Counts.Passivated);
        }
    }

    [Fact]
    public void Passivate_puts_an_entity_to_rest_on_every_replica_and_a_command_wakes_it()
    {
        shard.Run("alice", new Deposit(5));
        Assert.Equal("Done", shard.Run("alice", null));
        Assert.All(shard.Replicas, replica => Assert.Equal(0, replica.Find<EntityMachine<Account, AccountCommand, AccountEvent>>()!.Counts.Live));
        Assert.Equal("4", shard.Run("alice", new Withdraw(1)));
        shard.AssertReplicasEqual();
    }

    [Fact]
    public void Commands_proposed_behind_a_passivation_keep_the_entity_awake()
    {
        shard.Run("alice", new Deposit(5));
        shard.Decide("alice", null);
        shard.Decide("alice", new Withdraw(1));
        shard.Apply(1);
        Assert.Equal("2", shard.Words(shard.Decide("alice", new Withdraw(2)).Reply!));
        shard.Apply();
        shard.AssertReplicasEqual();
        Assert.Equal("2", shard.Query("alice", new GetBalance(), 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Under_random_commands_leaders_and_rests_all_replicas_equal_a_plain_model(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<string, long>();
        for (var step = 0; step < 3_000; step++)
        {
            var id = $"a{random.Next(2_000)}"; // More than may lag behind, so that bytes are caught up on the way too.
            shard.Now += random.Next(20);
            switch (random.Next(8))
            {
                case 0:
                    shard.Replicas[random.Next(3)].Rest(shard.Now + random.Next(10_000));
                    break;
                case 1:
                    shard.Decide(id, new Deposit(1_000_000));
                    shard.ChangeLeader(random.Next(3));
                    break;
                default:
                    var amount = random.Next(-100, 100);
                    var reply = shard.Run(id, amount >= 0 ? new Deposit(amount) : new Withdraw(-amount));
                    var expected = model.GetValueOrDefault(id) + amount;
                    Assert.Equal(expected < 0, reply.StartsWith("Refused", StringComparison.Ordinal));
                    model[id] = expected < 0 ? model.GetValueOrDefault(id) : expected;
                    break;
            }
        }

        Assert.All(model, account => Assert.Equal(account.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), shard.Query(account.Key, new GetBalance(), 1)));
        shard.AssertReplicasEqual();
    }

    [Fact]
    public void A_snapshot_restores_to_the_same_hash_and_goes_on()
    {
        shard.Run("alice", new Deposit(5));
        shard.Run("bob", new Deposit(7));
        var copy = ReplicatedEntities.NewMachine(BankAccount.Type());
        copy.Restore(new MemoryStream(ReplicatedEntities.SnapshotOf(shard.Leader)));
        Assert.Equal(shard.Leader.StateHash, copy.StateHash);
        shard.Replicas[2] = copy;
        Assert.Equal("6", shard.Run("bob", new Withdraw(1)));
        shard.AssertReplicasEqual();
    }

    [Fact]
    public void A_type_can_be_added_to_a_shard_with_a_past_but_not_taken_away()
    {
        var before = new ShardMachine([new KeyValueMachine()]);
        var with = ReplicatedEntities.NewMachine(BankAccount.Type(), BankAccount.Type("savings"));
        Assert.Equal(before.StateHash, with.StateHash);
        with.Restore(new MemoryStream(ReplicatedEntities.SnapshotOf(before)));
        shard.Run("alice", new Deposit(5));
        with.Restore(new MemoryStream(ReplicatedEntities.SnapshotOf(shard.Leader)));
        Assert.Equal(shard.Leader.StateHash, with.StateHash);
        var refused = Assert.Throws<InvalidDataException>(() => before.Restore(new MemoryStream(ReplicatedEntities.SnapshotOf(shard.Leader))));
        Assert.Contains("an entity type that this node was not started with", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replica_that_lacks_the_type_stops_at_its_first_event_and_says_why()
    {
        var without = new ShardMachine([new KeyValueMachine()]);
        var entry = shard.Decide("alice", new Deposit(5)).Entry!;
        var refused = Assert.Throws<InvalidDataException>(() => without.Apply(1, entry));
        Assert.Contains("start all nodes with the same types", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.BadRequest, without.Decide(shard.Request("alice", new Deposit(1)), 1).Error);
    }

    [Theory]
    [InlineData("throw", "told to")]
    [InlineData("poison", "cannot follow on")]
    [InlineData("unregistered", "not registered")]
    public void A_decider_that_misbehaves_is_refused_and_changes_nothing(string how, string why)
    {
        shard.Run("alice", new Deposit(5));
        Assert.Contains(why, shard.Run("alice", new Misbehave(how)), StringComparison.Ordinal);
        Assert.Equal("5", shard.Query("alice", new GetBalance(), 0));
        shard.AssertReplicasEqual();
    }

    [Fact]
    public void Bad_ids_and_foreign_commands_are_refused_in_words()
    {
        Assert.Equal("BadCommand: an entity's id must not be empty", shard.Run("", new Deposit(1)));
        Assert.Contains("may have 256 bytes", shard.Run(new string('x', 257), new Deposit(1)), StringComparison.Ordinal);
        Assert.Contains("no AccountCommand", shard.Run("alice", new Deposited(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_come_from_names_by_a_fixed_hash_and_clashes_are_refused()
    {
        Assert.Equal(0xE40C292Cu, EntityTypes.MachineOf("a")); // FNV-1a's published value.
        var clash = Assert.Throws<ArgumentException>(() => ReplicatedEntities.NewMachine(BankAccount.Type("costarring"), BankAccount.Type("liquid")));
        Assert.Contains("rename", clash.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ReplicatedEntities.NewMachine(BankAccount.Type(), BankAccount.Type()));
        Assert.Throws<ArgumentException>(() => BankAccount.Type("no spaces"));
    }
}
