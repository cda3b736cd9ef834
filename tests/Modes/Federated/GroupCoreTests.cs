using Cluster.Modes.Federated;

namespace Cluster.Modes.Tests.Federated;

/// <summary>A group in its home and in a cluster that follows it: who takes writes, what is replicated, and what becomes of what was not.</summary>
public class GroupCoreTests
{
    private readonly TwoClusters clusters = new();

    [Fact]
    public void Only_the_home_takes_writes_and_numbers_them_without_gaps()
    {
        Assert.Equal("1.east.1", clusters.Write("east", "a", "1"));
        Assert.Equal("1.east.2", clusters.Write("east", "b", "1"));

        var none = Assert.IsType<NotHome>(clusters.Ask("west", new WriteKey("a", "2")));
        Assert.Equal(("east", 1L), (none.Home.Home, none.Home.Number));
        Assert.IsType<NotHome>(clusters.Ask("west", new ReadKey("a", Anywhere: false)));
    }

    [Fact]
    public void A_follower_has_what_it_asked_for_and_asking_again_changes_nothing()
    {
        clusters.Write("east", "a", "1");
        clusters.Write("east", "b", "1");
        clusters.Write("east", "a", "2");
        clusters.Pull("west", "east");
        var once = clusters["west"];
        clusters.Pull("west", "east");

        Assert.Equal("1.east.3=2", clusters.Read("west", "a"));
        Assert.Equal("1.east.2=1", clusters.Read("west", "b"));
        Assert.Same(once, clusters["west"]);
        Assert.Equal("1.east.3", clusters["east"].Acknowledged["west"].ToString());
    }

    [Fact]
    public void A_stream_in_parts_leaves_no_gap_one_that_would_is_not_followed_and_the_position_waits_for_the_last()
    {
        for (var i = 0; i < 5; i++)
        {
            clusters.Write("east", $"k{i}", "v");
        }

        clusters.Pull("west", "east", most: 2);
        Assert.Equal(("0..0", "1.east.2"), (clusters["west"].Position.ToString(), clusters["west"].Cursor!.After.ToString()));

        var late = (StreamRead)clusters.Ask("east", new ReadAfter(new WriteVersion(1, "east", 4), 10, Digest: false))!;
        clusters.Follow("west", late);
        Assert.Equal(("0..0", "1.east.2"), (clusters["west"].Position.ToString(), clusters["west"].Cursor!.After.ToString()));

        clusters.Pull("west", "east", most: 2);
        clusters.Pull("west", "east", most: 2);
        Assert.Equal("1.east.5", clusters["west"].Position.ToString());
        Assert.Null(clusters["west"].Cursor);
    }

    [Fact]
    public void A_home_that_has_learnt_of_a_later_epoch_takes_no_more()
    {
        clusters.Write("east", "a", "1");
        clusters.Ask("west", new TakeHome());
        Assert.Equal("1.east.2", clusters.Write("east", "a", "2")); // It cannot know yet.

        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));

        Assert.Null(clusters.Write("east", "a", "3"));
        Assert.Equal(["a"], clusters["east"].Tail);
    }

    [Fact]
    public void What_the_old_home_took_alone_is_taken_up_again_or_lost_and_listed_and_a_second_time_changes_nothing()
    {
        clusters.Write("east", "replicated", "1");
        clusters.Pull("west", "east");
        clusters.Write("east", "free", "east");
        clusters.Write("east", "taken", "east");
        clusters.Ask("west", new TakeHome());
        clusters.Write("west", "taken", "west");
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        Assert.Equal(["free", "taken"], clusters["east"].Tail);

        clusters.HandIn("east", "west");
        clusters.HandIn("east", "west");
        clusters.Pull("east", "west");

        Assert.Equal("2.west.2=east", clusters.Read("west", "free"));
        Assert.Equal("2.west.1=west", clusters.Read("west", "taken"));
        var lost = Assert.Single(clusters["west"].Lost);
        Assert.Equal(("taken", "east", "1.east.3", "2.west.1"), (lost.Key, lost.Value, lost.Version.ToString(), lost.WonBy.ToString()));
        Assert.Equal((1L, 1L), (clusters["west"].LostTotal, clusters["west"].Recovered));
        Assert.Empty(clusters["east"].Tail);
        Assert.Equal(clusters["west"].Keys.Values, clusters["east"].Keys.Values);
    }

    [Fact]
    public void Clocks_decide_nothing_except_in_the_broken_variant()
    {
        foreach (var (byWallClock, stays) in new[] { (false, "late"), (true, "early") })
        {
            var world = new TwoClusters();
            world.Now += TimeSpan.FromHours(1); // East's clock is ahead.
            world.Write("east", "a", "early");
            world.Now -= TimeSpan.FromHours(1);
            world.Ask("west", new TakeHome());
            world.Write("west", "a", "late");
            world.Ask("east", new LearnEpochs(world["west"].Epochs));
            world.HandIn("east", "west", byWallClock);

            Assert.EndsWith($"={stays}", world.Read("west", "a"));
        }
    }

    [Fact]
    public void A_planned_move_waits_for_everything_takes_no_write_meanwhile_and_is_given_up_after_a_while()
    {
        clusters.Write("east", "a", "1");
        clusters.Ask("east", new HandOver("west"));
        Assert.Null(clusters.Write("east", "a", "2"));
        Assert.Equal("1.east.1=1", clusters.Read("east", "a"));

        clusters.Now += GroupCore.MovePatience + TimeSpan.FromMilliseconds(1);
        Assert.Equal("1.east.2", clusters.Write("east", "a", "2"));

        clusters.Ask("east", new HandOver("west"));
        clusters.Pull("west", "east");
        clusters.Pull("west", "east"); // Says that it has everything, and hears that it is the home.
        Assert.Equal("west", Lineage.Current(clusters["west"].Epochs, "east").Home);
        Assert.Equal("2.west.1", clusters.Write("west", "a", "3"));
        Assert.Null(clusters.Write("east", "a", "4"));
        Assert.Empty(clusters["east"].Tail);
    }

    [Fact]
    public void A_copy_that_differs_is_found_by_its_digest_and_made_whole()
    {
        clusters.Write("east", "a", "1");
        clusters.Write("east", "b", "1");
        var all = (StreamRead)clusters.Ask("east", new ReadAfter(WriteVersion.None, 10, Digest: false))!;
        clusters.Follow("west", all with { Records = [all.Records[0]] }); // A record went missing.

        clusters.Pull("west", "east", digest: true);
        Assert.Equal(1, clusters["west"].Repairs);
        Assert.Equal("1.east.2", clusters["west"].Position.ToString());
        clusters.Pull("west", "east");

        Assert.Equal("1.east.2=1", clusters.Read("west", "b"));
        Assert.Null(clusters["west"].Cursor);
        clusters.Pull("west", "east", digest: true);
        Assert.Equal(1, clusters["west"].Repairs);
    }

    [Fact]
    public void A_cluster_that_is_its_own_next_home_again_takes_its_tail_up_itself()
    {
        clusters.Write("east", "a", "1");
        clusters.Ask("west", new TakeHome());
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        clusters.Ask("east", new TakeHome());
        clusters.HandIn("east", "east");

        Assert.Equal("3.east.1=1", clusters.Read("east", "a"));
        Assert.Empty(clusters["east"].Tail);
        Assert.Equal(0, clusters["east"].LostTotal);
    }

    [Fact]
    public void A_compare_and_set_takes_effect_at_home_only_over_what_it_expects()
    {
        Assert.False(Assert.IsType<KeyWritten>(clusters.Ask("east", new CompareKey("a", null, "1"))).IsConflict);
        Assert.True(Assert.IsType<KeyWritten>(clusters.Ask("east", new CompareKey("a", "0", "2"))).IsConflict);
        Assert.False(Assert.IsType<KeyWritten>(clusters.Ask("east", new CompareKey("a", "1", "2"))).IsConflict);
        Assert.IsType<NotHome>(clusters.Ask("west", new CompareKey("a", "9", "3")));
    }
}
