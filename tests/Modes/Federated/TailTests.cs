using Cluster.Modes.Federated;

namespace Cluster.Modes.Tests.Federated;

/// <summary>Writes that a home took alone: whatever is lost between clusters, and whatever comes in their place meanwhile, a later home decides about each of them.</summary>
public class TailTests
{
    private readonly TwoClusters clusters = new();

    [Fact]
    public void A_tail_that_takes_several_messages_is_settled_write_by_write_though_the_stream_replaces_all_of_it_first()
    {
        BothWrite(12);

        clusters.HandIn("east", "west", most: 8);
        clusters.Pull("east", "west"); // All keys of east have west's records now.
        Assert.Equal(4, clusters.Standing("east").Tail);
        clusters.HandIn("east", "west", most: 8);
        clusters.Pull("east", "west");

        Assert.Equal(Enumerable.Range(1, 12).Select(number => $"1.east.{number}"), clusters["west"].Lost.Select(lost => lost.Version.ToString()));
        Assert.Equal(12, clusters["west"].LostTotal);
        Assert.Equal(0, clusters.Standing("east").Tail);
        Assert.Equal(clusters["west"].Keys.Values, clusters["east"].Keys.Values);
    }

    [Fact]
    public void A_tail_that_is_lost_on_its_way_is_handed_in_again_though_later_records_have_come_in_its_place()
    {
        BothWrite(3);

        clusters.Pull("east", "west"); // What was handed in has not arrived.
        Assert.Equal((0, 3), (clusters["east"].Tail.Count, clusters["east"].Unsettled.Length));
        clusters.HandIn("east", "west");
        clusters.Pull("east", "west");

        Assert.Equal(3, clusters["west"].LostTotal);
        Assert.Equal(0, clusters.Standing("east").Tail);
    }

    [Fact]
    public void The_old_home_keeps_its_tail_until_what_was_taken_up_of_it_is_here_as_well()
    {
        for (var i = 1; i <= 4; i++)
        {
            clusters.Write("east", $"k{i}", "east");
        }

        clusters.Ask("west", new TakeHome());
        clusters.Write("west", "k1", "west");
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        clusters.HandIn("east", "west");

        clusters.Pull("east", "west", most: 1);
        Assert.Equal(["k2", "k3", "k4"], clusters["east"].Tail);
        Assert.Equal("1.east.1", Assert.Single(clusters["east"].Unsettled).Version.ToString());
        clusters.Pull("east", "west");

        Assert.Equal(0, clusters.Standing("east").Tail);
        Assert.Equal("2.west.4=east", clusters.Read("east", "k4"));
    }

    [Fact]
    public void No_planned_move_goes_to_a_cluster_with_a_write_that_is_not_settled()
    {
        BothWrite(1);
        clusters.Pull("east", "west");
        clusters.Ask("west", new HandOver("east"));
        clusters.Pull("east", "west");
        Assert.Equal("west", Lineage.Current(clusters["east"].Epochs, "east").Home);

        clusters.HandIn("east", "west");
        clusters.Pull("east", "west");
        clusters.Pull("east", "west");
        Assert.Equal("east", Lineage.Current(clusters["east"].Epochs, "east").Home);
    }

    [Fact]
    public void Of_two_writes_of_an_old_home_to_one_key_the_later_is_taken_up_though_the_earlier_was_before()
    {
        clusters.Write("east", "x", "1");
        clusters.Write("east", "a", "1");
        clusters.Write("east", "x", "2");
        var part = clusters.Stream("west", "east", most: 1);
        clusters.Write("east", "a", "2");
        clusters.Follow("west", part); // It has a=1, and nothing else.
        clusters.Ask("west", new TakeHome());
        clusters.HandIn("west", "west");
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        clusters.HandIn("east", "west");

        Assert.EndsWith("=2", clusters.Read("west", "a"));
        Assert.EndsWith("=2", clusters.Read("west", "x"));
        Assert.Equal(0, clusters["west"].LostTotal);
    }

    /// <summary>Writes, failovers, and messages of any length that may be lost, in any order; then everything arrives.</summary>
    [Fact]
    public void Every_write_that_a_home_took_alone_is_taken_up_again_or_listed()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            var world = new TwoClusters();
            var acknowledged = new List<(string Key, string Version)>();
            var takenUp = new HashSet<string>();
            for (var step = 0; step < 60; step++)
            {
                var (one, other) = random.Next(2) == 0 ? ("east", "west") : ("west", "east");
                switch (random.Next(12))
                {
                    case 0:
                        world.Ask(one, new TakeHome());
                        break;
                    case 1:
                        world.Ask(one, new HandOver(other));
                        break;
                    case 2 or 3:
                        world.HandIn(one, random.Next(4) == 0 ? one : other, most: random.Next(1, 4));
                        break;
                    case 4 or 5 or 6:
                        world.Pull(one, other, most: random.Next(1, 5), digest: random.Next(4) == 0);
                        break;
                    default:
                        var key = $"k{random.Next(5)}";
                        if (world.Write(one, key, random.Next(6) == 0 ? null : $"{one}{step}") is { } version)
                        {
                            acknowledged.Add((key, version));
                        }

                        break;
                }

                Look();
            }

            for (var round = 0; round < 40; round++)
            {
                foreach (var (one, other) in new[] { ("east", "west"), ("west", "east") })
                {
                    world.HandIn(one, Lineage.Current(world[one].Epochs, "east").Home, most: 3);
                    world.Pull(one, other, most: 3, digest: true);
                    Look();
                }
            }

            var lost = world["east"].Lost.Concat(world["west"].Lost).Select(one => one.Version.ToString()).ToHashSet();
            foreach (var written in acknowledged.GroupBy(one => (one.Key, Branch: one.Version[..one.Version.LastIndexOf('.')])))
            {
                var newest = VersionOf(written.Last().Version);
                Assert.True(
                    !Lineage.IsDivergent(world["east"].Epochs, newest) || takenUp.Contains(newest.ToString()) || lost.Contains(newest.ToString()),
                    $"seed {seed}: {newest} of {written.Key.Key} was taken alone, and is nowhere\n{world.Story()}");
            }

            Assert.Equal((0, 0), (world.Standing("east").Tail, world.Standing("west").Tail));
            Assert.Equal(Visible("east"), Visible("west"));

            void Look() => takenUp.UnionWith(new[] { "east", "west" }.SelectMany(cluster => world[cluster].Keys.Values).Select(record => record.Was?.ToString()).OfType<string>());

            IEnumerable<StoredRecord> Visible(string cluster) => world[cluster].Keys.Values.Where(record => record.Value is not null);
        }
    }

    private static WriteVersion VersionOf(string text) => text.Split('.') is [var epoch, var home, var number]
        ? new WriteVersion(long.Parse(epoch, System.Globalization.CultureInfo.InvariantCulture), home, long.Parse(number, System.Globalization.CultureInfo.InvariantCulture))
        : throw new FormatException(text);

    /// <summary>Both clusters take themselves for the home while they do not hear each other, and write the same keys.</summary>
    private void BothWrite(int keys)
    {
        clusters.Ask("west", new TakeHome());
        foreach (var cluster in new[] { "east", "west" })
        {
            for (var i = 1; i <= keys; i++)
            {
                clusters.Write(cluster, $"k{i:00}", cluster);
            }
        }

        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
    }
}
