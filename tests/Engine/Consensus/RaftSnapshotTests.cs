using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftSnapshotTests
{
    private static readonly RaftOptions KeepsNothing = RaftOptions.Default with { KeepEntries = 0 };

    [Fact]
    public void Compaction_drops_the_prefix_and_keeps_what_slow_followers_may_need()
    {
        var group = ScriptedGroup.Elected(1, RaftOptions.Default with { KeepEntries = 10 });
        Fill(group, 100);
        var before = group[1].Core.LogBytes;
        group[1].Core.Compact(new LogIndex(80));

        Assert.Equal(new LogIndex(71), group[1].Core.FirstIndex);
        Assert.True(group[1].Core.LogBytes < before / 3);
    }

    [Fact]
    public void Kept_entries_are_bounded_in_bytes_too()
    {
        var group = ScriptedGroup.Elected(1, RaftOptions.Default with { KeepBytes = 500 });
        Fill(group, 100);
        group[1].Core.Compact(new LogIndex(80));

        Assert.Equal(new LogIndex(77), group[1].Core.FirstIndex);
    }

    [Fact]
    public void A_shell_with_many_groups_keeps_less()
    {
        var group = ScriptedGroup.Elected(1, RaftOptions.Default with { KeepBytes = 5_000 });
        Fill(group, 100);
        group[1].Core.Compact(new LogIndex(80), keepBytes: 500);

        Assert.Equal(new LogIndex(77), group[1].Core.FirstIndex);
    }

    [Fact]
    public void What_is_not_applied_cannot_be_compacted()
    {
        var group = ScriptedGroup.Elected(3);

        Assert.Throws<ArgumentOutOfRangeException>(() => group[1].Core.Compact(new LogIndex(2)));
    }

    [Fact]
    public void A_follower_behind_the_log_gets_a_snapshot_and_then_the_rest()
    {
        var group = WithFollowerBehind();
        Assert.Equal(new SnapshotRequest(new NodeId(3), new LogIndex(30)), Assert.Single(group[1].SnapshotsAsked));
        Assert.Equal(ReplicationState.Snapshot, Progress(group).State);
        group.Propose(1, "later");
        group.Elapse(300);
        Assert.Single(group[1].SnapshotsAsked);
        Assert.Equal(new LogIndex(1), group[3].Core.LastIndex);

        Install(group);
        group.Settle();
        Assert.Equal(new LogIndex(30), group[3].Snapshot!.Index);
        group.Elapse(200);
        Assert.Equal(group[1].Core.LastIndex, group[3].Core.LastIndex);
        Assert.Equal(31UL, group[3].Applied[0].Index);
        Assert.Equal(ReplicationState.Replicate, Progress(group).State);
    }

    [Fact]
    public void A_failed_snapshot_is_asked_for_again_after_a_heartbeat()
    {
        var group = WithFollowerBehind();
        group[1].Core.SnapshotSent(group.Now, new NodeId(3), delivered: false);
        group.Settle();
        Assert.Single(group[1].SnapshotsAsked);
        group.Elapse(200);

        Assert.Equal(2, group[1].SnapshotsAsked.Count);
    }

    [Fact]
    public void A_snapshot_whose_acknowledgement_is_lost_is_not_sent_twice()
    {
        var group = WithFollowerBehind();
        group.Loses = m => m.AppendReply is not null;
        Install(group);
        group.Settle();
        group.Heal();
        group.Elapse(200);

        Assert.Single(group[1].SnapshotsAsked);
        Assert.Equal(group[1].Core.LastIndex, group[3].Core.LastIndex);
    }

    [Fact]
    public void A_snapshot_behind_the_commit_index_is_only_acknowledged()
    {
        var group = ScriptedGroup.Elected();
        Fill(group, 20);
        group.Elapse(80);
        group.Inject(Snapshot(group, 10));
        group.Settle();

        Assert.Null(group[3].Snapshot);
        Assert.Equal(new LogIndex(21), group[3].Core.LastIndex);
    }

    [Fact]
    public void A_snapshot_carries_the_configuration_of_its_index()
    {
        var group = ScriptedGroup.Elected();
        group.Add(4, RaftRecovery.Founded(RaftConfiguration.Empty));
        var before = group[1].Core.LastIndex;
        group.Change(ConfigurationChangeKind.AddLearner, 4);
        group.Settle();

        Assert.False(group[1].Core.DescribeSnapshot(before).Configuration.Contains(new NodeId(4)));
        Assert.True(group[1].Core.DescribeSnapshot(before.Next).Configuration.Contains(new NodeId(4)));
    }

    [Fact]
    public void A_crash_between_a_leaders_snapshot_and_the_new_log_leaves_no_old_entries_behind()
    {
        // On disk: the snapshot at 5 of term 3, the log of another history, the hard state of before.
        var recovery = new RaftRecovery
        {
            HardState = new HardState(new Term(2), new NodeId(2), new LogIndex(1)),
            Snapshot = new SnapshotMeta(new LogIndex(5), new Term(3), ScriptedGroup.Voters(1, 2, 3)),
            Entries = [.. Enumerable.Range(1, 8).Select(i => new Entry { Index = (ulong)i, Term = i == 1 ? 1UL : 2UL })],
        };
        var core = new RaftCore(RaftOptions.Default, new ShardId(1), new NodeId(1), recovery, 1);
        var first = core.TakeEffects()!;

        Assert.Equal(new LogIndex(5), core.LastIndex);
        Assert.Equal(new Term(3), core.CurrentTerm);
        Assert.Equal(recovery.Snapshot, first.RestoreSnapshot);
        Assert.Equal(new HardState(new Term(3), NodeId.None, new LogIndex(5)), first.HardState);
    }

    /// <summary>Found by simulation: the snapshot of a leader is on the disk, the log there still empty; entries appended then began nowhere.</summary>
    [Fact]
    public void A_snapshot_without_entries_after_it_begins_the_log_anew_at_the_start()
    {
        var snapshot = new SnapshotMeta(new LogIndex(220), new Term(2), ScriptedGroup.Voters(1, 2, 3));
        var core = new RaftCore(RaftOptions.Default, new ShardId(1), new NodeId(1), new RaftRecovery { Snapshot = snapshot }, 1);

        Assert.Equal(snapshot, core.TakeEffects()!.RestoreSnapshot);
        Assert.Equal(new LogIndex(221), core.FirstIndex);
    }

    [Fact]
    public void A_log_that_extends_its_snapshot_is_kept()
    {
        var recovery = new RaftRecovery
        {
            HardState = new HardState(new Term(2), default, new LogIndex(6)),
            Snapshot = new SnapshotMeta(new LogIndex(5), new Term(2), ScriptedGroup.Voters(1, 2, 3)),
            Entries = [.. Enumerable.Range(3, 6).Select(i => new Entry { Index = (ulong)i, Term = 2 })],
        };
        var core = new RaftCore(RaftOptions.Default, new ShardId(1), new NodeId(1), recovery, 1);

        Assert.Equal((new LogIndex(4), new LogIndex(8), new LogIndex(6)), (core.FirstIndex, core.LastIndex, core.CommitIndex));
        Assert.Equal([6UL], core.TakeEffects()!.Committed.Select(e => e.Index));
    }

    [Fact]
    public void A_log_with_a_hole_after_its_snapshot_is_refused()
    {
        var recovery = new RaftRecovery { HardState = new HardState(new Term(1), default, default), Entries = [new Entry { Index = 3, Term = 1 }] };

        var refused = Assert.Throws<ArgumentException>(() => new RaftCore(RaftOptions.Default, new ShardId(1), new NodeId(1), recovery, 1));
        Assert.Contains("begins at 3", refused.Message, StringComparison.Ordinal);
    }

    private static ScriptedGroup WithFollowerBehind()
    {
        var group = ScriptedGroup.Elected(3, KeepsNothing);
        group.Partition([3], [1, 2]);
        Fill(group, 29);
        group[1].Core.Compact(new LogIndex(30));
        group.Heal();
        group.Elapse(200);
        return group;
    }

    private static void Fill(ScriptedGroup group, int entries)
    {
        group.Elapse(20);
        for (var i = 0; i < entries; i++)
        {
            group.Propose(1, $"value {i}");
        }

        group.Settle();
    }

    private static void Install(ScriptedGroup group)
    {
        group[3].Core.Step(group.Now, Snapshot(group, 30));
        group[1].Core.SnapshotSent(group.Now, new NodeId(3), delivered: true);
    }

    private static RaftMessage Snapshot(ScriptedGroup group, ulong index)
    {
        var meta = group[1].Core.DescribeSnapshot(new LogIndex(index));
        return new RaftMessage
        {
            Group = 1,
            From = 1,
            To = 3,
            Term = group[1].Core.CurrentTerm.Value,
            Snapshot = new InstallSnapshot { LastIndex = index, LastTerm = meta.Term.Value, Configuration = meta.Configuration.ToWire() },
        };
    }

    private static PeerProgress Progress(ScriptedGroup group) => group[1].Core.Progress().Single(p => p.Node.Value == 3);
}
