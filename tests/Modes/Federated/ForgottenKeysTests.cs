using Cluster.Modes.Federated;

namespace Cluster.Modes.Tests.Federated;

/// <summary>Keys that were taken away and forgotten before a follower heard of it, and streams that come in parts: neither may bring back what is gone, or claim what is not here.</summary>
public class ForgottenKeysTests
{
    private readonly TwoClusters clusters = new();

    [Fact]
    public void A_key_that_was_taken_away_and_forgotten_while_a_cluster_was_away_does_not_come_back_with_a_planned_move()
    {
        clusters.Write("east", "kept", "1");
        clusters.Write("east", "gone", "1");
        clusters.Pull("west", "east");

        clusters.Write("east", "gone", null);
        TakeAwayMany("east");
        Assert.DoesNotContain("gone", clusters["east"].Keys.Keys);
        clusters.Ask("east", new HandOver("west"));
        PullAll("west", "east");
        clusters.Pull("west", "east");

        Assert.Equal("west", Lineage.Current(clusters["west"].Epochs, "east").Home);
        Assert.DoesNotContain("gone", clusters["west"].Keys.Keys);
        Assert.Equal("1.east.1=1", clusters.Read("west", "kept"));
        Assert.Equal(0, clusters["west"].Repairs);
    }

    [Fact]
    public void Nothing_is_taken_away_before_all_is_here_since_the_copy_may_have_to_become_the_home()
    {
        clusters.Write("east", "a", "1");
        clusters.Write("east", "gone", "1");
        clusters.Write("east", "c", "1");
        clusters.Pull("west", "east");
        clusters.Write("east", "a", "2");
        clusters.Write("east", "gone", null);
        TakeAwayMany("east");

        clusters.Pull("west", "east", most: 1);
        Assert.Equal(["a", "gone"], clusters["west"].Doubtful);
        Assert.Equal("1.east.3", clusters["west"].Position.ToString());
        clusters.Ask("west", new TakeHome());

        Assert.Equal("1.east.3", Lineage.Current(clusters["west"].Epochs, "east").At.ToString());
        Assert.EndsWith("=1", clusters.Read("west", "gone"));
        Assert.Empty(clusters["west"].Doubtful);
    }

    [Fact]
    public void What_is_taken_away_and_forgotten_while_everything_is_sent_makes_it_begin_anew()
    {
        clusters.Write("east", "gone", "1");
        clusters.Write("east", "late", "1");
        clusters.Pull("west", "east");
        clusters.Write("east", "gone", null);
        TakeAwayMany("east");

        clusters.Pull("west", "east", most: 5); // It has heard that 'late' stands there.
        var since = clusters["west"].Cursor!.Since;
        clusters.Write("east", "late", null);
        TakeAwayMany("east", from: 5_000);
        Assert.DoesNotContain("late", clusters["east"].Keys.Keys);
        clusters.Pull("west", "east", most: 5);
        Assert.True(clusters["west"].Cursor!.Since > since);
        PullAll("west", "east");

        Assert.DoesNotContain("gone", clusters["west"].Keys.Keys);
        Assert.DoesNotContain("late", clusters["west"].Keys.Keys);
    }

    [Fact]
    public void A_home_is_not_handed_to_a_cluster_that_is_being_sent_everything()
    {
        clusters.Write("east", "a", "1");
        clusters.Write("east", "b", "1");
        var all = clusters.Stream("west", "east");
        clusters.Follow("west", all with { Records = [all.Records[0]] }); // A record went missing.
        clusters.Pull("west", "east", digest: true);
        Assert.Equal(clusters["east"].Position, clusters["west"].Position);

        clusters.Ask("east", new HandOver("west"));
        clusters.Pull("west", "east");
        Assert.Equal("east", Lineage.Current(clusters["east"].Epochs, "east").Home);
        clusters.Pull("west", "east");

        Assert.Equal("west", Lineage.Current(clusters["east"].Epochs, "east").Home);
        Assert.Equal("1.east.2=1", clusters.Read("west", "b"));
    }

    [Fact]
    public void A_recovery_point_claims_nothing_of_which_only_a_part_has_come()
    {
        clusters.Write("east", "x", "1");
        clusters.Write("east", "y", "1");
        clusters.Write("east", "x", "2");
        clusters.Pull("west", "east", most: 1); // Only y: the first write of x was written over, and the second comes with the next part.

        clusters.Ask("west", new TakeHome());
        Assert.Equal(WriteVersion.None, Lineage.Current(clusters["west"].Epochs, "east").At);
        Assert.Equal("1.east.2=1", clusters.Read("west", "y")); // Claimed or not, it is served.

        clusters.HandIn("west", "west");
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        clusters.HandIn("east", "west");
        clusters.Pull("east", "west");
        Assert.Equal("2.west.2=2", clusters.Read("east", "x"));
        Assert.Equal("2.west.1=1", clusters.Read("east", "y"));
        Assert.Equal((0L, 0), (clusters["west"].LostTotal, clusters.Standing("east").Tail));
    }

    [Fact]
    public void A_part_that_comes_twice_or_late_takes_nothing_away()
    {
        for (var i = 0; i < 6; i++)
        {
            clusters.Write("east", $"k{i}", "1");
        }

        clusters.Pull("west", "east");
        TakeAwayMany("east");
        var first = clusters.Stream("west", "east", most: 3);
        clusters.Follow("west", first);
        var second = clusters.Stream("west", "east", most: 3);
        clusters.Follow("west", second);
        clusters.Follow("west", first);
        clusters.Follow("west", second);
        PullAll("west", "east");
        clusters.Follow("west", first);
        PullAll("west", "east");

        Assert.Equal(6, clusters["west"].Keys.Values.Count(record => record.Value is not null));
        Assert.Equal(clusters["east"].Position, clusters["west"].Position);
    }

    /// <summary>More than are remembered.</summary>
    private void TakeAwayMany(string cluster, int from = 0)
    {
        for (var i = 0; i <= GroupCore.MostRemoved; i++)
        {
            clusters.Write(cluster, $"d{from + i}", null);
        }
    }

    private void PullAll(string follower, string home)
    {
        for (var i = 0; i < 100; i++)
        {
            clusters.Pull(follower, home);
            if (clusters[follower].Cursor is null)
            {
                return;
            }
        }

        Assert.Fail($"the stream does not end: {clusters[follower].Cursor}");
    }
}
