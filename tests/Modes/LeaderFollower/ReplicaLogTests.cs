using Cluster.Modes.LeaderFollower;

namespace Cluster.Modes.Tests.LeaderFollower;

/// <summary>The log of one replica, and the set that gives epochs.</summary>
public class ReplicaLogTests
{
    private readonly ReplicaLog log = new();

    [Fact]
    public void Two_logs_are_compared_by_where_epochs_begin_though_entries_have_been_let_go()
    {
        Fill(1, ReplicaLog.MostKept);
        Fill(3, 10);
        log.Compact(ReplicaLog.MostKept + 5);

        Assert.True(log.Base > 0);
        Assert.Equal(1, log.EpochAt(1));
        Assert.Equal(3, log.EpochAt(ReplicaLog.MostKept + 1));
        Assert.Equal(0, log.EpochAt(log.End + 1));
        Assert.Equal(ReplicaLog.MostKept, log.BeforeEpochAt(ReplicaLog.MostKept + 3));
        Assert.Null(log.Find(1));
    }

    [Fact]
    public void What_is_taken_back_is_told_and_its_epoch_is_forgotten()
    {
        Fill(1, 3);
        Fill(2, 2);

        Assert.Equal([4L, 5L], log.Truncate(3).Select(entry => entry.Position));
        Assert.Equal((3, 1), (log.End, log.LastEpoch));
        Assert.Empty(log.Truncate(3));
    }

    [Fact]
    public void What_is_not_committed_is_never_let_go()
    {
        Fill(1, ReplicaLog.MostKept * 2);
        log.Compact(10);

        Assert.NotNull(log.Find(11));
    }

    [Fact]
    public void A_message_has_one_entry_at_least_and_no_more_than_fit()
    {
        var large = new string('x', 64 * 1024);
        for (var position = 1; position <= 5; position++)
        {
            log.Append(Entry(position, 1, large));
        }

        Assert.Single(log.Batch(0));
        Assert.Empty(log.Batch(5));
    }

    [Fact]
    public void An_epoch_is_given_once_to_who_is_in_sync_and_a_set_is_changed_by_its_leader_only()
    {
        var decider = new ReplicaSetDecider();
        var set = Decide(decider.Empty, new ClaimLeadership("n1", 1, 0, Unclean: false));
        Assert.Equal(["n1"], set.InSync);

        Assert.Equal(set, Decide(set, new ClaimLeadership("n2", 2, set.Version, Unclean: false)));
        set = Decide(set, new ChangeInSync("n1", 1, set.Version, ["n1", "n2"]));
        Assert.Equal(set, Decide(set, new ClaimLeadership("n2", 2, set.Version - 1, Unclean: false)));
        Assert.Equal(set, Decide(set, new ChangeInSync("n1", 1, set.Version, ["n2"])));
        set = Decide(set, new ClaimLeadership("n2", 2, set.Version, Unclean: false));
        Assert.Equal(("n2", 2L), (set.Leader, set.Epoch));
        Assert.Equal(set, Decide(set, new ClaimLeadership("n1", 2, set.Version, Unclean: false)));
        Assert.Equal(set, Decide(set, new ChangeInSync("n1", 1, set.Version, ["n1"])));
        Assert.Equal(["n3"], Decide(set, new ClaimLeadership("n3", 3, set.Version, Unclean: true)).InSync);

        ReplicaSet Decide(ReplicaSet state, ReplicaSetCommand command)
        {
            var decided = decider.Decide(state, command, default);
            var next = decided.Events.Aggregate(state, decider.Apply);
            Assert.Equal(next, decided.Reply);
            return next;
        }
    }

    private void Fill(long epoch, int count)
    {
        for (var entry = 0; entry < count; entry++)
        {
            log.Append(Entry(log.End + 1, epoch, "v"));
        }
    }

    private static LogEntry Entry(long position, long epoch, string value) => new(position, epoch, "n1", "door", position, 0, "k", value, false, AckMode.Semi, 0);
}
