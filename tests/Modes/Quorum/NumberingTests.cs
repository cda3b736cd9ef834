using System.Text.Json;
using Cluster.Modes.Quorum;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>Versions that are written with a context get names that nothing else ever has, whatever a node has lost; and what was refused stays refused.</summary>
public class NumberingTests
{
    private static readonly QuorumDial Default = new(2, 2, Sloppy: false);
    private static readonly QuorumDial One = new(1, 1, Sloppy: false);

    [Fact]
    public void A_node_that_comes_back_under_its_name_with_an_empty_disk_loses_no_write()
    {
        var world = new QuorumWorld(3);
        foreach (var number in Enumerable.Range(1, 4))
        {
            world.Do(QuorumOperation.Put, $"other{number}", Default, "v", "n1", ClientContext.Nothing);
        }

        world.Do(QuorumOperation.Put, "cart", Default, "tea", "n1", ClientContext.Nothing);
        var tea = world.Replicas["n2"].Known("cart");
        world.LoseDisk("n1");
        world.Apply(world.Replicas["n1"], new StateJoined("cart", tea));

        var read = world.Do(QuorumOperation.Get, "cart", Default).State;
        world.Do(QuorumOperation.Put, "cart", Default, "tea and milk", "n1", ClientContext.Of(read));

        Assert.All(world.Replicas.Values, replica => Assert.Equal(["tea and milk"], Values(replica.Known("cart"))));
    }

    [Fact]
    public void A_key_that_was_moved_off_a_node_and_back_keeps_what_the_node_had_numbered()
    {
        var world = new QuorumWorld(3);
        world.Do(QuorumOperation.Put, "cart", Default, "tea", "n1", ClientContext.Nothing);
        world.MoveOff("n1", "cart");

        world.Do(QuorumOperation.Put, "cart", One, "milk", "n1", ClientContext.Nothing);

        Assert.Equal(["milk", "tea"], Values(world.Replicas["n2"].Known("cart")).Order());
    }

    [Fact]
    public void Whatever_is_lost_and_moved_a_version_stands_until_somebody_who_saw_it_replaces_it() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            // Of each state that was ever sent, which values it knows of: those that stand in it, and those that they replaced.
            var (world, random) = (new QuorumWorld(3), new Random(seed));
            var past = Enumerable.Range(1, 3).ToDictionary(number => $"n{number}", _ => new HashSet<string>());
            var sent = new List<(KeyState State, HashSet<string> Past)> { (KeyState.None, []) };
            var (written, replaced) = (new HashSet<string>(), new HashSet<string>());
            for (var step = 1; step <= 60; step++)
            {
                var node = $"n{random.Next(3) + 1}";
                var (read, seen) = sent[random.Next(sent.Count)];
                switch (random.Next(12))
                {
                    case 0:
                        world.LoseDisk(node);
                        past[node] = [];
                        break;
                    case 1:
                        world.MoveOff(node, "k");
                        past[node] = [];
                        break;
                    case < 7:
                        world.Apply(world.Replicas[node], world.Replicas[node].Join("k", read));
                        past[node].UnionWith(seen);
                        break;
                    default:
                        var knowsNothing = random.Next(3) == 0;
                        var (known, context) = knowsNothing ? (KeyState.None, ClientContext.Nothing) : (read, ClientContext.Of(read));
                        if (world.Number(world.Replicas[node], new AddVersion(step, 0, "k", known, step, step, context, $"v{step}")) is VersionAdded added)
                        {
                            past[node].UnionWith(knowsNothing ? [] : seen);
                            replaced.UnionWith(knowsNothing ? [] : seen);
                            past[node].Add($"v{step}");
                            written.Add($"v{step}");
                            sent.Add((added.State, [.. past[node]]));
                        }

                        break;
                }
            }

            var all = sent.OrderBy(_ => random.Next()).Aggregate(KeyState.None, (joined, one) => joined.Join(one.State));
            Assert.Equal(written.Except(replaced).Order(), Values(all).Order());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_stay_goes_on_after_a_restart_and_another_begins_when_the_key_has_been_away()
    {
        var replica = new ReplicaCore("n1");
        replica.Apply(replica.Number(Asked(1), drawn: 0x7f3a));
        var again = new ReplicaCore("n1");
        again.Restore(replica.Snapshot());
        again.Apply(again.Number(Asked(2), drawn: 0xc04));
        Assert.Equal("|n1.7f3a=2", ClientContext.Of(again.Known("k")).ToString());

        again.Apply(new KeyMoved("k", StateDigest.Of("k", again.Known("k"))));
        again.Apply(again.Number(Asked(3), drawn: 0x11));
        Assert.Equal("|n1.11=3", ClientContext.Of(again.Known("k")).ToString());
    }

    [Fact]
    public void Versions_of_a_journal_in_which_dots_had_the_names_of_nodes_are_kept_and_replaced_like_others()
    {
        var old = new KeyState(null, Versions: [new DottedVersion("n1", 4, new Tag(1, "n1", 7), "old")], Seen: [new Dot("n1", 4)]);
        var replica = new ReplicaCore("n1");
        replica.Apply(JsonSerializer.Deserialize("""{"key":"k","state":{"versions":[{"node":"n1","sequence":4,"tag":{"counter":1,"node":"n1","write":7},"value":"old"}],"seen":[{"node":"n1","sequence":4}]},"sequence":4,"write":7}""", QuorumJson.Default.VersionNumbered)!);
        Assert.Equal(old, replica.Known("k"));
        Assert.True(ClientContext.TryParse("|n1=4", out var held));

        var next = Assert.IsType<VersionNumbered>(replica.Number(new AddVersion(2, 0, "k", KeyState.None, 2, 8, held, "new"), drawn: 0x7f3a));

        Assert.Equal(["new"], Values(next.State));
        Assert.Equal("|n1=4,n1.7f3a=5", ClientContext.Of(next.State).ToString());
    }

    [Fact]
    public void A_key_whose_history_fits_no_context_any_more_takes_no_more_of_it_and_is_new_when_it_was_forgotten()
    {
        var replica = new ReplicaCore("n1");
        var known = new KeyState(new Tag(5, "n2", 5), "v", Seen: [.. Enumerable.Range(1, 100).Select(number => new Dot($"n2.{number:x12}", number))]);
        replica.Apply(new StateJoined("k", known));

        Assert.Contains("write it without a context", Assert.IsType<VersionRefused>(replica.Number(Asked(1), drawn: 1)).Why, StringComparison.Ordinal);

        replica.Apply(new StateJoined("k", KeyState.Written(new Tag(6, "n2", 6), null)));
        replica.Apply(new TombstoneCollected("k", 6));
        Assert.IsType<VersionNumbered>(replica.Number(Asked(1), drawn: 1));
    }

    [Fact]
    public void The_same_write_twice_is_one()
    {
        var replica = new ReplicaCore("n1");
        replica.Apply(replica.Number(Asked(77), drawn: 1));

        Assert.True(replica.HasNumbered(77));
        var again = new ReplicaCore("n1");
        again.Restore(replica.Snapshot());
        Assert.True(again.HasNumbered(77));
        Assert.Equal(2, Assert.IsType<VersionNumbered>(again.Number(Asked(78), drawn: 2)).Sequence);
    }

    [Fact]
    public void Two_versions_that_are_numbered_before_either_is_durable_are_both_kept()
    {
        var replica = new ReplicaCore("n1");
        var (one, two) = (replica.Number(Asked(1), drawn: 1), replica.Number(Asked(2), drawn: 2));

        replica.Apply(one);
        replica.Apply(two);

        Assert.Equal(["v1", "v2"], Values(replica.Known("k")));
        Assert.Equal("|n1.1=2", ClientContext.Of(replica.Known("k")).ToString());
    }

    [Fact]
    public void Too_many_values_side_by_side_are_refused()
    {
        var replica = Full();

        Assert.IsType<VersionRefused>(replica.Number(Asked(99), drawn: 1));
        Assert.IsType<VersionNumbered>(replica.Number(Asked(100) with { Context = ClientContext.Of(replica.Known("k")) }, drawn: 1));
    }

    [Fact]
    public void A_write_that_was_refused_for_good_takes_no_effect_when_it_comes_once_more()
    {
        var (world, replica) = (new QuorumWorld(3), Full());
        world.Replicas["n1"] = replica;
        Assert.IsType<QuorumRefused>(world.Number(replica, Asked(99)));
        world.Number(replica, Asked(100) with { Context = ClientContext.Of(replica.Known("k")) });

        Assert.IsType<QuorumRefused>(world.Number(replica, Asked(99)));

        var again = new ReplicaCore("n1");
        again.Restore(replica.Snapshot());
        world.Replicas["n1"] = again;
        Assert.IsType<QuorumRefused>(world.Number(again, Asked(99)));
        Assert.Equal(["v100"], Values(again.Known("k")));
    }

    [Fact]
    public void What_was_refused_before_a_restart_is_refused_after_it()
    {
        var refused = Assert.IsType<VersionRefused>(Full().Number(Asked(99), drawn: 1));
        var again = new ReplicaCore("n1");
        again.Apply(refused);

        Assert.Equal(refused.Why, again.WhyRefused(99));
        Assert.False(again.HasNumbered(99));
    }

    [Fact]
    public void Of_writes_that_were_decided_on_only_the_last_are_remembered()
    {
        var recent = new RecentWrites();
        for (var write = 1; write <= QuorumBounds.MostRecent + 2; write++)
        {
            recent.Remember(write, write % 2 == 0 ? "no" : null);
            recent.Remember(write, "never");
        }

        Assert.Equal((QuorumBounds.MostRecent / 2, QuorumBounds.MostRecent / 2), (recent.Numbered.Count(), recent.Refused.Count()));
        Assert.Equal((false, null, true, "no"), (recent.HasNumbered(1), recent.WhyRefused(2), recent.HasNumbered(3), recent.WhyRefused(4)));
    }

    /// <summary>By a client that has seen nothing.</summary>
    private static AddVersion Asked(long write) => new(write, 0, "k", KeyState.None, write, write, ClientContext.Nothing, $"v{write}");

    /// <summary>As many stand side by side as may.</summary>
    private static ReplicaCore Full()
    {
        var replica = new ReplicaCore("n1");
        for (var write = 1; write <= QuorumBounds.MostVersions; write++)
        {
            replica.Apply(replica.Number(Asked(write), drawn: 1));
        }

        return replica;
    }

    private static IEnumerable<string?> Values(KeyState state) => state.Standing.Select(stands => stands.Value);
}
