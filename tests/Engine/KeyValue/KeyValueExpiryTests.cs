using System.Text;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>Expiry is a fact of the log: linearizable whatever the clocks of successive leaders say.</summary>
public class KeyValueExpiryTests
{
    private readonly ReplicatedStore store = new();

    [Fact]
    public void A_key_seen_expired_stays_gone_under_a_leader_whose_clock_is_behind()
    {
        store.Run(KvCommands.Put(Bytes("k"), Bytes("v")).ExpiringAfter(1_000));
        store.Skew[0] = 5_000;
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.Get(Bytes("k"))).Status);
        store.ChangeLeader(1);
        store.Skew[1] = -5_000;
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.Get(Bytes("k"))).Status);
        Assert.Equal(0, store.Read(KvCommands.Count()).Number);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_read_resurrects_a_key_under_skewed_leaders(int seed)
    {
        var random = new Random(seed);
        var gone = new HashSet<int>();
        for (var i = 0; i < 100; i++)
        {
            store.Run(KvCommands.Put(BitConverter.GetBytes(i), Bytes("v")).ExpiringAfter(random.Next(1, 2_000)));
        }

        for (var step = 0; step < 3_000; step++)
        {
            store.Now += random.Next(2);
            if (random.Next(20) == 0)
            {
                store.ChangeLeader(random.Next(3));
                store.Skew[store.LeaderNumber] = random.Next(-1_000, 1_000);
            }

            var key = random.Next(100);
            var found = store.Read(KvCommands.Get(BitConverter.GetBytes(key))).Status == KvStatus.Ok;
            Assert.False(found && gone.Contains(key), $"key {key} came back at step {step}, seed {seed}");
            if (!found)
            {
                gone.Add(key);
            }
        }

        Assert.InRange(gone.Count, 50, 100);
        store.AssertReplicasEqual(snapshots: true);
    }

    [Fact]
    public void A_read_that_meets_an_expired_key_needs_a_decision_which_logs_it()
    {
        store.Run(KvCommands.Put(Bytes("k"), Bytes("v")).ExpiringAfter(10));
        store.Now += 10;
        foreach (var command in (KvCommand[])[KvCommands.Get(Bytes("k")), KvCommands.Scan(default, default, 0, false), KvCommands.Count()])
        {
            var request = new ShardRequest { Machine = 1, Command = command.ToByteString(), IsRead = true };
            Assert.True(store.Leader.Query(request, store.Now).NeedsDecision);
            Assert.False(store.Leader.Query(request, store.Now - 1).NeedsDecision);
        }

        Assert.Equal(KvStatus.NotFound, store.Run(KvCommands.Get(Bytes("k"))).Status);
        Assert.Equal(2, store.Log.Count);
        Assert.Equal(0, store.Read(KvCommands.Count()).Number);
        Assert.Equal(2, store.Log.Count);
    }

    [Fact]
    public void A_command_on_an_expired_key_behaves_as_on_an_absent_one()
    {
        store.Run(KvCommands.Put(Bytes("k"), Bytes("41")).ExpiringAfter(10));
        store.Now += 100;
        var reply = store.Run(KvCommands.Increment(Bytes("k"), 1));
        Assert.Equal((1L, 3UL, 0L), (reply.Number, reply.Revision, reply.ExpiresAtMs));

        store.Run(KvCommands.Put(Bytes("j"), Bytes("v")).ExpiringAfter(10));
        store.Now += 100;
        Assert.Equal(KvStatus.NotFound, store.Run(KvCommands.Persist(Bytes("j"))).Status);
        Assert.Equal(KvStatus.Ok, store.Run(KvCommands.Put(Bytes("j"), Bytes("v")).OnlyIfAbsent()).Status);
    }

    [Fact]
    public void A_stale_read_judges_by_the_later_of_its_clock_and_the_logs_time()
    {
        store.Run(KvCommands.Put(Bytes("k"), Bytes("v")).ExpiringAfter(1_000));
        Assert.Equal(KvStatus.Ok, store.ReadStale(KvCommands.Get(Bytes("k")), 2).Status);
        store.Skew[2] = 1_000;
        Assert.Equal(KvStatus.NotFound, store.ReadStale(KvCommands.Get(Bytes("k")), 2).Status);
        store.Skew[2] = -9_000;
        Assert.Equal(KvStatus.Ok, store.ReadStale(KvCommands.Get(Bytes("k")), 2).Status);
        store.Now += 1_000;
        store.Run(KvCommands.Put(Bytes("other"), Bytes("v")));
        Assert.Equal(KvStatus.NotFound, store.ReadStale(KvCommands.Get(Bytes("k")), 2).Status);
    }

    [Fact]
    public void Active_expiry_takes_what_is_due_in_bounded_bites_and_each_key_once()
    {
        for (var i = 0; i < 25; i++)
        {
            store.Run(KvCommands.Put(BitConverter.GetBytes(i), Bytes("v")).ExpiringAfter(i < 20 ? 10 : 1_000));
        }

        store.Now += 10;
        // Proposed and not applied: the next bite takes others.
        Assert.Equal([8, 8, 4, 0], Enumerable.Range(0, 4).Select(_ => store.DecideExpiry(max: 8)?.Count ?? 0));
        store.Apply();
        Assert.Equal(5, store.Read(KvCommands.Count()).Number);
        Assert.Null(store.Leader.DecideExpiry(store.Now, 8));
        store.AssertReplicasEqual(snapshots: true);
    }

    [Fact]
    public void A_key_given_new_life_by_a_proposal_is_not_expired_by_its_old_deadline()
    {
        store.Run(KvCommands.Put(Bytes("k"), Bytes("v")).ExpiringAfter(10));
        store.Decide(KvCommands.Persist(Bytes("k")));
        store.Now += 100;
        Assert.Null(store.DecideExpiry(max: 8));
        store.Apply();
        Assert.Equal(KvStatus.Ok, store.Read(KvCommands.Get(Bytes("k"))).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Expiring_at_once_deletes(long milliseconds)
    {
        store.Run(KvCommands.Put(Bytes("k"), Bytes("v")));
        Assert.Equal(KvStatus.Ok, store.Run(KvCommands.ExpireAfter(Bytes("k"), milliseconds)).Status);
        Assert.Equal(KvStatus.NotFound, store.Read(KvCommands.Get(Bytes("k"))).Status);
    }

    [Fact]
    public void A_scan_among_thousands_of_expired_keys_stays_bounded_and_says_where_to_go_on()
    {
        for (var i = 0; i < 2_500; i++)
        {
            store.Decide(KvCommands.Put(Bytes($"k{i:D4}"), Bytes("v")).ExpiringAfter(i == 2_400 ? 1_000 : 10));
        }

        store.Apply();
        store.Now += 500;
        var pages = new List<KvReply> { store.Read(KvCommands.Scan(default, default, 10, false)) };
        while (pages[^1].More)
        {
            pages.Add(store.Read(KvCommands.Scan(default, pages[^1].ResumeAfter.Memory, 10, false)));
        }

        Assert.Equal(3, pages.Count);
        Assert.Equal("k2400", Assert.Single(pages.SelectMany(page => page.Entries)).Key.ToStringUtf8());
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
