using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;
using Cluster.Modes.Quorum;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>What a register of quorums promises, and what each part of the protocol is needed for.</summary>
public class QuorumRegisterTests
{
    private static readonly QuorumDial Default = new(2, 2, Sloppy: false);
    private static readonly QuorumDial One = new(1, 1, Sloppy: false);

    [Fact]
    public void A_read_that_sees_a_write_half_way_has_it_on_a_quorum_before_it_answers()
    {
        var (early, late) = TwoReadsOfAWriteHalfWay(writesBack: true);

        Assert.Equal(("new", "new"), (early, late));
    }

    [Fact]
    public void Without_the_write_back_the_second_read_is_older_than_the_first()
    {
        // Attiya, Bar-Noy and Dolev 1995, section 3: why readers must write.
        var (early, late) = TwoReadsOfAWriteHalfWay(writesBack: false);

        Assert.Equal(("new", "old"), (early, late));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    public void Whatever_is_lost_doubled_or_overtaken_a_register_is_linearizable(int read, int write) => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed => Assert.NotEqual(Verdict.Violated, Judge(Weather(new Random(seed), new QuorumDial(read, write, Sloppy: false), writesBack: true)))).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void The_same_weather_shows_what_is_missing_without_write_back_and_with_quorums_that_do_not_meet()
    {
        Assert.Contains(Verdict.Violated, Enumerable.Range(0, 60).Select(seed => Judge(Weather(new Random(seed), Default, writesBack: false))));
        Assert.Contains(Verdict.Violated, Enumerable.Range(0, 60).Select(seed => Judge(Weather(new Random(seed), One, writesBack: true))));
    }

    [Fact]
    public void A_read_of_copies_that_agree_takes_one_round_and_a_write_two()
    {
        var world = new QuorumWorld(3);

        Assert.Equal(4 + 6, Messages(world, QuorumOperation.Put, "v"));
        Assert.Equal(4, Messages(world, QuorumOperation.Get));
    }

    [Fact]
    public void A_dial_that_no_cluster_of_this_size_can_meet_is_refused_at_once()
    {
        var world = new QuorumWorld(2);

        var outcome = world.Do(QuorumOperation.Put, "k", new QuorumDial(2, 3, Sloppy: false), "v");

        Assert.Equal(Shared.Results.ErrorCode.Unavailable, outcome.Error!.Code);
        Assert.Contains("r=2 w=3 cannot be met: the cluster has 2 members", outcome.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_too_few_copies_within_reach_a_write_is_refused_before_it_has_any_effect()
    {
        var world = new QuorumWorld(3);
        world.Away.UnionWith(["n2", "n3"]);

        var outcome = world.Do(QuorumOperation.Put, "k", Default, "v");

        Assert.Contains("n1 hears only n1", outcome.Error!.Message, StringComparison.Ordinal);
        Assert.All(world.Replicas.Values, replica => Assert.True(replica.IsEmpty));
        Assert.Equal("v", world.Do(QuorumOperation.Put, "k", One, "v").State.Winner!.Value.Value);
    }

    [Fact]
    public void A_client_that_hands_its_token_back_writes_after_what_it_wrote_though_quorums_do_not_meet()
    {
        var world = new QuorumWorld(3);
        foreach (var value in Enumerable.Range(1, 5))
        {
            world.Do(QuorumOperation.Put, "k", One, $"{value}");
        }

        world.Replicas["n3"].Apply(new KeyMoved("k", StateDigest.Of("k", world.Replicas["n3"].Known("k")))); // It has missed all of it.
        var id = world.Begin(QuorumOperation.Put, "k", One, "last", "n3", token: 5);
        world.Settle();

        Assert.Equal(6, world.Ended[id].Written!.Counter);
        Assert.All(world.Replicas.Values, replica => Assert.Equal("last", replica.Known("k").Winner!.Value.Value));
    }

    [Fact]
    public void A_made_up_token_does_not_use_the_counters_up()
    {
        var world = new QuorumWorld(3);

        var id = world.Begin(QuorumOperation.Put, "k", Default, "v", token: long.MaxValue);
        world.Settle();

        Assert.InRange(world.Ended[id].Written!.Counter, 1, 1L << 33);
    }

    private static int Messages(QuorumWorld world, QuorumOperation operation, string? value = null)
    {
        var (count, id) = (0, world.Begin(operation, "k", Default, value));
        for (; world.Wire.Count > 0; count++)
        {
            world.Deliver(0);
        }

        Assert.Null(world.Ended[id].Error);
        return count;
    }

    /// <summary>A write has reached one copy of three; one reader asks that one and another, and when it has its answer a second reader asks the two others.</summary>
    private static (string? Early, string? Late) TwoReadsOfAWriteHalfWay(bool writesBack)
    {
        var world = new QuorumWorld(3);
        world.Do(QuorumOperation.Put, "k", Default, "old");
        var order = world.Ring.Preferred("k");
        var writing = world.Begin(QuorumOperation.Put, "k", Default, "new", order[0]);
        while (world.Wire.FindIndex(sent => sent.Message is StoreKey && sent.To == order[0]) is var arrived)
        {
            world.Deliver(Math.Max(arrived, 0));
            if (arrived >= 0)
            {
                break;
            }
        }

        world.Wire.Clear();
        var early = world.Begin(QuorumOperation.Get, "k", Default, coordinator: order[0], process: 1, writesBack: writesBack);
        world.Settle();
        world.Away.Add(order[0]);
        var late = world.Begin(QuorumOperation.Get, "k", Default, coordinator: order[1], process: 2, writesBack: writesBack);
        world.Settle();
        Assert.Contains(writing, world.Open);
        return (world.Ended[early].State.Winner!.Value.Value, world.Ended[late].State.Winner!.Value.Value);
    }

    /// <summary>Clients that read and write one key through any node, while messages are lost, doubled and overtake each other.</summary>
    private static History Weather(Random random, QuorumDial dial, bool writesBack)
    {
        var world = new QuorumWorld(3);
        var (process, values) = (0, 0);
        for (var step = 0; step < 500; step++)
        {
            if (world.Open.Count < 4)
            {
                var isRead = random.Next(100) < 60;
                world.Begin(isRead ? QuorumOperation.Get : QuorumOperation.Put, "k", dial, isRead ? null : $"{++values}", $"n{random.Next(3) + 1}", process++, writesBack: writesBack);
            }

            if (world.Wire.Count > 0)
            {
                var place = random.Next(world.Wire.Count);
                var sent = world.Wire[place];
                world.Deliver(place);
                if (random.Next(100) < 10)
                {
                    world.Wire.Insert(random.Next(world.Wire.Count + 1), sent); // It comes twice.
                }

                if (world.Wire.Count > 0 && random.Next(100) < 10)
                {
                    world.Wire.RemoveAt(random.Next(world.Wire.Count));
                }
            }

            if (random.Next(100) < 5 && world.Open.Count > 0)
            {
                world.Tick(world.Open[random.Next(world.Open.Count)]);
            }

            if (random.Next(100) < 2 && world.Open.Count > 0)
            {
                world.GiveUp(world.Open[random.Next(world.Open.Count)]);
            }
        }

        foreach (var id in world.Open)
        {
            world.GiveUp(id);
        }

        return world.History;
    }

    private static Verdict Judge(History history) => CheckerCatalog.Find("register")!.Create(CheckLimits.Default, TimeProvider.System).Check(history).Verdict;
}
