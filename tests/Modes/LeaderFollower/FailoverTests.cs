using Cluster.Modes.LeaderFollower;

namespace Cluster.Modes.Tests.LeaderFollower;

/// <summary>Three replicas on a wire that can be cut: what each way to acknowledge a write is worth when its leader is lost.</summary>
public class FailoverTests
{
    private readonly ReplicaCluster cluster = new(3);

    [Fact]
    public void The_oldest_member_leads_first_and_takes_whoever_follows_into_the_set_in_sync()
    {
        var call = cluster.Put("n2", "k", "one", AckMode.Async);
        Assert.Contains(new NotLeading(call, 0, null), cluster.Told);

        Assert.Equal("n1", cluster.RunUntilLed());
        cluster.Run(1);
        Assert.Equal(["n1", "n2", "n3"], cluster.Set.InSync);
        Assert.Equal(1, cluster.Set.Epoch);
    }

    [Theory]
    [InlineData(AckMode.Async, 1)]
    [InlineData(AckMode.Semi, 2)]
    [InlineData(AckMode.Sync, 3)]
    public void A_write_is_answered_when_so_many_disks_have_it_and_not_before(AckMode ack, int disks)
    {
        Lead();
        foreach (var cut in new[] { "n2", "n3" }.Skip(disks - 1))
        {
            cluster.Cut("n1", cut);
        }

        var call = cluster.Put("n1", "k", "one", ack);
        Assert.Null(cluster.Answer(call));
        cluster.Run(0.2);
        Assert.Equal(disks, cluster.Answer(call)!.Copies);

        if (disks > 1)
        {
            cluster.Cut("n1", disks == 2 ? "n2" : "n3");
            var next = cluster.Put("n1", "k", "two", ack);
            cluster.Run(0.2);
            Assert.Null(cluster.Answer(next));
        }
    }

    [Fact]
    public void What_one_follower_had_survives_though_another_stood_first()
    {
        Lead();
        cluster.Cut("n1", "n2"); // The next oldest, which misses its leader first.
        var call = cluster.Put("n1", "k", "one");
        cluster.Run(0.1);
        Assert.NotNull(cluster.Answer(call));
        cluster.Kill("n1");

        Assert.Equal("n3", cluster.RunUntilLed());
        cluster.Run(1);
        Assert.Equal("one", cluster.Copy("n2", "k").Value);
    }

    [Fact]
    public void What_nobody_but_the_old_leader_had_is_taken_back_and_what_it_had_acknowledged_is_counted()
    {
        Lead();
        cluster.Isolate("n1");
        var lost = new[] { "one", "two", "three" }.Select(value => cluster.Put("n1", value, value, AckMode.Async)).ToList();
        var waiting = cluster.Put("n1", "k", "never acknowledged");
        cluster.Run(0.3);
        Assert.All(lost, call => Assert.NotNull(cluster.Answer(call)));

        cluster.RunUntilLed(core => core.Epoch > 1);
        cluster.Heal();
        cluster.Run(3);

        Assert.Null(cluster.Answer(waiting));
        Assert.Equal(3, cluster.Notes.Sum(note => note.Lost));
        Assert.Contains(cluster.Notes, note => note.Happened.Contains("takes back 4 entries", StringComparison.Ordinal));
        Assert.All(cluster.Names, name => Assert.Null(cluster.Copy(name, "one").Value));
        Assert.Equal(["n1", "n2", "n3"], cluster.Set.InSync.Order());
    }

    [Fact]
    public void An_old_leader_that_hears_nobody_answers_no_read_and_acknowledges_nothing_once_its_lease_is_over()
    {
        Lead();
        cluster.Isolate("n1");
        cluster.Run(ReplicaCore.LeaderLease.TotalSeconds + 0.1);

        var read = cluster.Call("n1", CallOperation.Get, "k");
        var write = cluster.Put("n1", "k", "late", AckMode.Async);
        cluster.Run(5);

        Assert.Null(cluster.Answer(read));
        Assert.Null(cluster.Answer(write));
        Assert.True(cluster.Set.Epoch > 1);
    }

    [Fact]
    public void Unfenced_the_old_leader_answers_while_the_new_one_has_written()
    {
        var broken = new ReplicaCluster(3, static name => new ReplicaCore(name, unfenced: true));
        Lead(broken);
        broken.Isolate("n1");
        var next = broken.RunUntilLed(core => core.Epoch > 1);
        var write = broken.Put(next, "k", "new");
        broken.Run(0.5);
        Assert.NotNull(broken.Answer(write));

        var read = broken.Call("n1", CallOperation.Get, "k");
        Assert.Null(broken.Answer(read)!.Value);
    }

    [Fact]
    public void Nobody_is_elected_before_the_leases_that_the_old_leader_held_are_over()
    {
        Lead();
        cluster.Isolate("n1");
        var since = cluster.Now;
        cluster.Operate("n2", new StandForLeader(Unclean: false));
        cluster.Run(0.5);
        Assert.Equal(1, cluster.Set.Epoch);

        cluster.RunUntilLed(core => core.Epoch > 1);
        Assert.True(cluster.Now - since >= ReplicaCore.LeaderLease);
    }

    [Fact]
    public void Who_is_not_in_sync_is_not_promoted_but_by_an_operators_word()
    {
        Lead();
        cluster.Isolate("n3");
        cluster.Run(3);
        Assert.Equal(["n1", "n2"], cluster.Set.InSync.Order());
        var call = cluster.Put("n1", "k", "one");
        cluster.Run(0.2);
        Assert.NotNull(cluster.Answer(call));
        cluster.Kill("n1");
        cluster.Kill("n2");
        cluster.Heal();

        cluster.Run(10);
        Assert.Equal(1, cluster.Set.Epoch);
        cluster.Operate("n3", new StandForLeader(Unclean: true));
        Assert.Equal("n3", cluster.RunUntilLed());
        cluster.Start("n1");
        cluster.Start("n2");
        cluster.Run(5);
        Assert.All(cluster.Names, name => Assert.Null(cluster.Copy(name, "k").Value));
        Assert.Equal(3, cluster.Set.InSync.Count);
    }

    [Fact]
    public void Without_a_follower_in_sync_semi_is_refused_with_words_and_a_late_copy_of_the_call_stays_refused()
    {
        Lead();
        cluster.Kill("n2");
        cluster.Kill("n3");
        cluster.Run(4);
        Assert.Equal(["n1"], cluster.Set.InSync);

        var call = cluster.Put("n1", "k", "one");
        Assert.Contains("ack=semi cannot be met", cluster.Told.OfType<CallRefused>().Single().Why, StringComparison.Ordinal);
        var alone = cluster.Put("n1", "k", "two", AckMode.Sync);
        cluster.Run(0.2);
        Assert.Equal(1, cluster.Answer(alone)!.Copies);

        cluster.Start("n2");
        cluster.Run(4);
        cluster.Call("n1", CallOperation.Put, "k", "one", again: call);
        cluster.Run(1);
        Assert.Equal("two", cluster.Copy("n2", "k").Value);
    }

    [Fact]
    public void A_call_that_is_sent_again_to_the_next_leader_takes_effect_once()
    {
        Lead();
        var call = cluster.Put("n1", "k", "one");
        cluster.Run(0.1);
        cluster.Kill("n1");
        var next = cluster.RunUntilLed(core => core.Epoch > 1);
        cluster.Put(next, "k", "two");
        cluster.Run(0.5);

        var first = cluster.Answer(call)!;
        cluster.Told.Clear();
        cluster.Call(next, CallOperation.Put, "k", "one", again: call);
        cluster.Run(0.5);
        Assert.Equal((first.Epoch, first.Position), (cluster.Answer(call)!.Epoch, cluster.Answer(call)!.Position));
        Assert.Equal("two", cluster.Copy(next, "k").Value);
    }

    [Fact]
    public void A_comparison_that_failed_stays_failed_when_a_copy_of_it_comes_late()
    {
        Lead();
        var call = cluster.Call("n1", CallOperation.CompareAndSet, "k", "two", expected: "one");
        cluster.Run(0.1);
        Assert.True(cluster.Answer(call)!.IsConflict);
        cluster.Put("n1", "k", "one");
        cluster.Run(0.1);

        cluster.Call("n1", CallOperation.CompareAndSet, "k", "two", expected: "one", again: call);
        cluster.Run(0.1);
        Assert.Equal("one", cluster.Copy("n1", "k").Value);
    }

    [Fact]
    public void A_comparison_that_failed_on_what_is_not_committed_and_holds_when_it_is_sent_again_is_not_answered_as_failed()
    {
        Lead();
        cluster.Put("n1", "k", "a"); // On its way alone: the followers confirm it before what comes next.
        var call = cluster.Call("n1", CallOperation.CompareAndSet, "k", "c", expected: "b");
        cluster.Put("n1", "k", "b");
        cluster.Call("n1", CallOperation.CompareAndSet, "k", "c", expected: "b", again: call);
        cluster.Run(1);

        Assert.Equal("c", cluster.Copy("n1", "k").Value);
        Assert.False(cluster.Answer(call)!.IsConflict);
    }

    [Fact]
    public void A_comparison_that_failed_without_a_lease_and_holds_when_it_is_sent_again_is_not_answered_as_failed()
    {
        for (var beats = 1; beats < 9; beats++) // Whether a sending is under way when it comes, or it is asked for the lease with one of its own.
        {
            var here = new ReplicaCluster(3);
            Lead(here);
            here.Put("n1", "k", "a");
            here.Run(0.2);
            here.Isolate("n1");
            here.Run(ReplicaCore.LeaderLease.TotalSeconds + (beats * 0.05));
            here.Heal();
            var call = here.Call("n1", CallOperation.CompareAndSet, "k", "c", expected: "b");
            here.Put("n1", "k", "b");
            here.Call("n1", CallOperation.CompareAndSet, "k", "c", expected: "b", again: call);
            here.Run(3);

            Assert.Equal("c", here.Copy("n1", "k").Value);
            Assert.False(here.Answer(call)!.IsConflict);
        }
    }

    [Fact]
    public void A_copy_tells_how_far_it_may_be_behind_and_refuses_where_that_is_too_far()
    {
        Lead();
        cluster.Put("n1", "k", "one");
        cluster.Run(2);
        Assert.InRange(cluster.Copy("n2", "k").Age!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        cluster.Isolate("n2");
        cluster.Run(3);
        var copy = cluster.Copy("n2", "k");
        Assert.Equal("one", copy.Value);
        Assert.True(copy.Age >= TimeSpan.FromSeconds(3));
        Assert.True(cluster.Copy("n2", "k", TimeSpan.FromSeconds(2)).TooOld);
    }

    [Fact]
    public void A_follower_that_is_further_behind_than_the_log_reaches_gets_a_whole_copy()
    {
        Lead();
        cluster.Kill("n3");
        for (var write = 0; write < ReplicaLog.MostKept + 10; write++)
        {
            cluster.Put("n1", $"k{write % 50}", $"{write}");
            if (write % 500 == 0)
            {
                cluster.Run(0.1);
            }
        }

        cluster.Run(2);
        cluster.RestartFromSnapshot("n2");
        cluster.Start("n3");
        cluster.Run(3);

        Assert.Equal(Keys("n1"), Keys("n3"));
        Assert.Equal(Keys("n1"), Keys("n2"));
        cluster.Kill("n3");
        cluster.Start("n3");
        Assert.Equal(50, Keys("n3").Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_dies_or_is_cut_off_what_waited_for_a_follower_is_there_and_all_copies_agree(int part)
    {
        for (var seed = part * 25; seed < (part + 1) * 25; seed++)
        {
            Storm(seed);
        }
    }

    private static void Storm(int seed)
    {
        var dice = new Random(seed);
        var cluster = new ReplicaCluster(dice.Next(2) == 0 ? 3 : 5) { Losing = new Random(seed) };
        Lead(cluster);
        var safe = new HashSet<long>();
        for (var turn = 0; turn < 150; turn++)
        {
            var name = cluster.Names[dice.Next(cluster.Names.Count)];
            switch (dice.Next(20))
            {
                case 0 when cluster.IsUp(name):
                    cluster.Kill(name);
                    break;
                case 1 or 2 or 3 when !cluster.IsUp(name):
                    cluster.Start(name);
                    break;
                case 4:
                    cluster.Isolate(name);
                    break;
                case 5:
                    cluster.Cut(name, cluster.Names[dice.Next(cluster.Names.Count)]);
                    break;
                case 6 or 7:
                    cluster.Heal();
                    break;
                case 8 when cluster.IsUp(name):
                    cluster.RestartFromSnapshot(name);
                    break;
                default:
                    foreach (var at in cluster.Names.Where(at => cluster.IsUp(at) && cluster[at].IsLeading))
                    {
                        var ack = (AckMode)dice.Next(3);
                        var call = cluster.Put(at, $"k{dice.Next(5)}", $"{turn}", ack);
                        if (ack != AckMode.Async)
                        {
                            safe.Add(call);
                        }
                    }

                    break;
            }

            cluster.Run(dice.Next(1, 12) * 0.05);
        }

        cluster.Losing = null;
        cluster.Heal();
        foreach (var name in cluster.Names.Where(name => !cluster.IsUp(name)))
        {
            cluster.Start(name);
        }

        cluster.Run(8);
        var leader = cluster.RunUntilLed();
        cluster.Run(3);
        var epochs = cluster[leader].Snapshot().Epochs;
        var answered = cluster.Told.OfType<CallAnswer>().Where(answer => safe.Contains(answer.Number)).ToList();
        Assert.True(answered.Count > 3, $"seed {seed}: only {answered.Count} writes were answered");
        Assert.All(answered, answer => Assert.True(
            answer.Position <= cluster[leader].Commit && epochs.Last(epoch => epoch.Position <= answer.Position).Epoch == answer.Epoch, $"seed {seed}: {answer} is not in the log of {leader}"));
        Assert.All(cluster.Names, name => Assert.Equal(Keys(cluster, leader), Keys(cluster, name)));
    }

    private static IReadOnlyList<CopyEntry> Keys(ReplicaCluster cluster, string name) => cluster[name].Snapshot().State.Keys;

    private static void Lead(ReplicaCluster cluster)
    {
        cluster.Put("n1", "first", "x", AckMode.Async);
        Assert.Equal("n1", cluster.RunUntilLed());
        cluster.Run(2);
        Assert.Equal(cluster.Names.Count, cluster.Set.InSync.Count);
        cluster.Told.Clear();
    }

    private IReadOnlyList<CopyEntry> Keys(string name) => Keys(cluster, name);

    private void Lead() => Lead(cluster);
}
