using Cluster.Modes.MultiMaster;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.MultiMaster;

/// <summary>Anti-entropy: replicas that exchange come to one hash, whatever was lost, doubled or late before.</summary>
public class ExchangeTests
{
    [Fact]
    public void Whatever_was_lost_doubled_or_late_replicas_come_to_one_hash() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var (random, world) = (new Random(seed), new ReplicaWorld(4));
            long counted = 0;
            for (var step = 0; step < 200; step++)
            {
                var at = random.Next(4);
                counted += Write(world, at, random);
                for (var to = 0; to < 4; to++)
                {
                    if (to != at && random.Next(2) == 0)
                    {
                        world[to].Take(world.Written(at)[random.Next(world.Written(at).Count)]);
                    }
                }

                if (random.Next(10) == 0)
                {
                    world.Fetch(random.Next(4), random.Next(4));
                }
            }

            world.Heal();
            Assert.Single(Enumerable.Range(0, 4).Select(at => world[at].Hash).Distinct());
            Assert.All(Enumerable.Range(0, 4), at => Assert.Equal(counted, long.Parse(world.Read(at, "count") ?? "0", System.Globalization.CultureInfo.InvariantCulture)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_is_sent_that_the_other_has()
    {
        var world = new ReplicaWorld(2);
        for (var i = 0; i < 50; i++)
        {
            world.Put(0, $"k{i}", "v");
        }

        world.Heal();
        world.Put(0, "k7", "new");

        Assert.Equal(["k7"], world[0].PageFor(world[1].Known, null).Objects.Select(state => state.Key));
    }

    [Fact]
    public void A_gap_in_what_was_heard_is_filled_by_the_next_exchange()
    {
        var world = new ReplicaWorld(2);
        for (var i = 0; i < 3; i++)
        {
            world.Put(0, $"k{i}", "v");
        }

        world[1].Take(world.Written(0)[0]);
        world[1].Take(world.Written(0)[2]);
        Assert.Equal("r0:1", world[1].Known.ToString());

        world.Fetch(to: 1, from: 0);
        Assert.Equal("r0:3", world[1].Known.ToString());
        Assert.Equal(world[0].Hash, world[1].Hash);
    }

    [Fact]
    public void Pages_are_bounded_and_together_whole()
    {
        var world = new ReplicaWorld(2);
        for (var i = 0; i < 40; i++)
        {
            world.Put(0, $"k{i:00}", new string('x', 30_000));
        }

        Assert.InRange(world[0].PageFor(VersionVector.Zero, null).Objects.Count, 7, 9);
        Assert.InRange(world.Fetch(to: 1, from: 0), 5, 6);
        Assert.Equal(world[0].Hash, world[1].Hash);
    }

    [Fact]
    public void What_differs_under_equal_clocks_is_found_by_its_bucket()
    {
        var (world, other) = (new ReplicaWorld(2), new ReplicaWorld(2));
        foreach (var board in new[] { world, other })
        {
            for (var i = 0; i < 100; i++)
            {
                board.Put(0, $"k{i}", board == other && i == 42 ? "flipped" : "v");
            }
        }

        var different = Assert.Single(world[0].Compare(other[0].BucketHashes));
        Assert.Equal(DigestTree.BucketOf("k42"), different);
        Assert.Contains("k42", other[0].InBuckets([different], turn: 5).Objects.Select(state => state.Key));
    }

    [Fact]
    public void A_replica_that_was_started_again_is_the_same()
    {
        var world = new ReplicaWorld(2);
        world.Increment(0, "c", 3);
        world.Add(0, "s", "a");
        world.Put(1, "k", "v");
        world.Fetch(to: 0, from: 1);

        var again = new MultiMasterCore(MergeRules.Correct, new HybridClock());
        again.Restore(world[0].Snapshot());

        Assert.Equal((world[0].Hash, world[0].Known, world[0].Replica), (again.Hash, again.Known, again.Replica));
        Assert.Equal("r0:3", again.Increment("c", 1, 1_000).Written!.Dot.ToString());
    }

    private static long Write(ReplicaWorld world, int at, Random random)
    {
        world.WallMs[at] += random.Next(-50, 100);
        switch (random.Next(4))
        {
            case 0:
                var by = random.Next(-2, 4);
                world.Increment(at, "count", by);
                return by;
            case 1:
                world.Add(at, "set", $"m{random.Next(5)}");
                return 0;
            case 2:
                world.Put(at, $"r{random.Next(3)}", $"v{random.Next()}");
                return 0;
            default:
                world.Put(at, "s", $"v{random.Next()}", ObjectType.Siblings);
                return 0;
        }
    }
}
