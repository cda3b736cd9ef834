using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftReplicationTests
{
    [Fact]
    public void A_proposal_is_applied_by_all_in_order()
    {
        var group = ScriptedGroup.Elected();
        for (var i = 0; i < 50; i++)
        {
            Assert.True(group.Propose(1, $"v{i}").Accepted);
        }

        group.Settle();
        group.Elapse(80);

        Assert.All(group.Replicas, r => Assert.Equal(Enumerable.Range(0, 50).Select(i => $"v{i}"), r.Applied.Where(e => e.Kind == EntryKind.Command).Select(e => e.Data.ToStringUtf8())));
    }

    [Fact]
    public void Proposals_of_one_turn_share_an_append()
    {
        var group = ScriptedGroup.Elected();
        for (var i = 0; i < 50; i++)
        {
            group.Propose(1, "x");
        }

        group[1].Drain();

        Assert.Equal(50, Assert.Single(group.Wire, m => m.To == 2 && m.Append is not null).Append.Entries.Count);
    }

    [Fact]
    public void An_append_carries_no_more_than_its_bound_and_at_least_one_entry()
    {
        var group = ScriptedGroup.Elected(3, RaftOptions.Default with { MaxAppendBytes = 1000 });
        group.Propose(1, new string('a', 5000));
        for (var i = 0; i < 20; i++)
        {
            group.Propose(1, new string('b', 200));
        }

        group[1].Drain();
        var appends = group.Wire.Where(m => m.To == 2 && m.Append is not null).Select(m => m.Append).ToList();

        Assert.Single(appends[0].Entries);
        Assert.All(appends.Skip(1), a => Assert.InRange(a.CalculateSize(), 1, 1000));
        Assert.Equal(21, appends.Sum(a => a.Entries.Count));
    }

    [Fact]
    public void A_silent_peer_has_no_more_in_flight_than_the_window()
    {
        var group = ScriptedGroup.Elected(3, RaftOptions.Default with { MaxInflightAppends = 4 });
        group.Settle();
        group.Loses = m => m.From == 2;
        for (var i = 0; i < 20; i++)
        {
            group.Propose(1, "x");
            group[1].Drain();
        }

        Assert.Equal(4, group.Wire.Count(m => m.To == 2 && m.Append is not null));
        group.Settle();
        group.Heal();
        group.Elapse(200);
        Assert.Equal(group[1].Core.LastIndex, group[2].Core.LastIndex);
    }

    [Fact]
    public void The_leaders_appends_do_not_wait_for_its_disk_and_its_own_copy_does()
    {
        var group = ScriptedGroup.Elected();
        group[1].WritesAtOnce = false;
        group[3].Crash();
        var proposed = group.Propose(1, "x");
        group.Settle();

        Assert.Equal(proposed.Index, group[2].Core.LastIndex);
        Assert.True(group[1].Core.CommitIndex < proposed.Index);
        group[1].Flush();
        Assert.Equal(proposed.Index, group[1].Core.CommitIndex);
    }

    [Fact]
    public void A_follower_acknowledges_only_what_is_on_its_disk()
    {
        var group = ScriptedGroup.Elected();
        group[2].WritesAtOnce = false;
        group[3].Crash();
        var proposed = group.Propose(1, "x");
        group.Settle();
        Assert.True(group[1].Core.CommitIndex < proposed.Index);

        group[2].Flush();
        group.Settle();
        Assert.Equal(proposed.Index, group[1].Core.CommitIndex);
    }

    [Fact]
    public void A_write_of_truncated_entries_that_ends_late_proves_nothing()
    {
        var group = ScriptedGroup.Elected();
        group[2].WritesAtOnce = false;
        group.Propose(1, "a");
        group.Propose(1, "b");
        group.DrainAll();
        group.Deliver(m => m.To == 2);
        group[2].Drain();
        group.DropAll();
        var newer = new RaftMessage
        {
            Group = 1,
            From = 3,
            To = 2,
            Term = 2,
            Append = new AppendEntries { PrevIndex = 1, PrevTerm = 1, Entries = { new Entry { Index = 2, Term = 2 } } },
        };
        group[2].Core.Step(group.Now, newer);

        Assert.Equal(new LogIndex(2), group[2].Core.LastIndex);
        group[2].Core.Persisted(Batches(group[2]));
        Assert.Equal(new LogIndex(1), group[2].Core.PersistedIndex);
        group[2].Drain();
        group[2].Flush();
        Assert.Equal(new LogIndex(2), group[2].Core.PersistedIndex);
        Assert.Equal([1UL, 2UL], group[2].Disk.Select(e => e.Term));
    }

    [Fact]
    public void A_late_shorter_append_cuts_nothing_off()
    {
        var group = ScriptedGroup.Elected();
        group.Propose(1, "a");
        group[1].Drain();
        var shorter = group.Wire.Single(m => m.To == 2 && m.Append is not null).Clone();
        group.Settle();
        group.Propose(1, "b");
        group.Settle();
        group.Inject(shorter);
        group.Settle();

        Assert.Equal(new LogIndex(3), group[2].Core.LastIndex);
    }

    [Fact]
    public void A_follower_commits_nothing_that_it_does_not_know_to_be_the_leaders()
    {
        var group = ScriptedGroup.Elected();
        group.Loses = m => m.To == 1;
        group.Propose(1, "never committed");
        group.Settle();
        Assert.Equal(new LogIndex(2), group[2].Core.LastIndex);
        group[2].Core.Step(group.Now, new RaftMessage { Group = 1, From = 3, To = 2, Term = 2, Append = new AppendEntries { PrevIndex = 1, PrevTerm = 1, Commit = 2 } });

        Assert.Equal(new LogIndex(1), group[2].Core.CommitIndex);
    }

    [Fact]
    public void What_is_committed_but_not_on_this_disk_is_neither_applied_nor_noted_as_committed()
    {
        var group = ScriptedGroup.Elected();
        group[2].WritesAtOnce = false;
        group.Propose(1, "a");
        group.Settle();
        group.Propose(1, "b");
        group.Settle();
        Assert.Equal(new LogIndex(2), group[2].Core.CommitIndex);
        Assert.Equal(new LogIndex(1), group[2].AppliedIndex);
        Assert.Equal(1UL, group[2].Core.PersistedIndex.Value);

        group[2].Flush();
        Assert.True(group[2].HardState.Commit <= new LogIndex(1));
        group.Settle();
        Assert.Equal(new LogIndex(2), group[2].AppliedIndex);
    }

    [Fact]
    public void A_truncated_committed_entry_is_a_broken_invariant()
    {
        var group = ScriptedGroup.Elected();
        group.Propose(1, "a");
        group.Settle();
        group.Elapse(80);
        var forged = new RaftMessage { Group = 1, From = 3, To = 2, Term = 9, Append = new AppendEntries { PrevIndex = 1, PrevTerm = 1, Entries = { new Entry { Index = 2, Term = 9 } } } };

        Assert.Equal("a committed entry stays", Assert.Throws<InvariantViolated>(() => group[2].Core.Step(group.Now, forged)).Invariant);
    }

    [Fact]
    public void A_follower_that_forgot_unwritten_entries_gets_them_again_without_new_proposals()
    {
        var group = ScriptedGroup.Elected();
        group[2].WritesAtOnce = false;
        for (var i = 0; i < 10; i++)
        {
            group.Propose(1, "x");
        }

        group.Settle();
        group[2].Crash();
        group[2].Restart();
        group[2].WritesAtOnce = true;
        Assert.Equal(new LogIndex(1), group[2].Core.LastIndex);
        group.Elapse(300);

        Assert.Equal(group[1].Core.LastIndex, group[2].Core.LastIndex);
        Assert.Equal(ReplicationState.Replicate, group[1].Core.Progress().Single(p => p.Node.Value == 2).State);
    }

    [Fact]
    public void Heartbeats_tell_a_follower_no_more_than_it_has_acknowledged()
    {
        var group = ScriptedGroup.Elected();
        group.Loses = m => m.To == 3 && m.Append is not null;
        group.Propose(1, "x");
        group.Settle();
        group.Elapse(200);

        Assert.Equal(new LogIndex(2), group[1].Core.CommitIndex);
        Assert.Equal(new LogIndex(1), group[3].Core.CommitIndex);
        Assert.DoesNotContain(group[3].Events, e => e is AcknowledgedEntriesMissing);
    }

    [Fact]
    public void A_leader_takes_on_no_more_uncommitted_bytes_than_its_bound()
    {
        var options = RaftOptions.Default with { MaxUncommittedBytes = 10_000, MaxEntryBytes = 4_000 };
        var group = ScriptedGroup.Elected(3, options);
        group.Loses = m => m.To == 1;
        var taken = 0;
        ProposeResult last;
        do
        {
            last = group.Propose(1, new string('x', 1000));
            taken += last.Accepted ? 1 : 0;
        }
        while (last.Accepted);

        Assert.Equal(9, taken);
        Assert.Equal((ProposeOutcome.Overloaded, ErrorCode.Overloaded), (last.Outcome, last.Error));
        group.Heal();
        group.Elapse(200);
        Assert.True(group.Propose(1, "x").Accepted);
        Assert.Equal(ProposeOutcome.TooLarge, group.Propose(1, new string('x', 4001)).Outcome);
    }

    [Fact]
    public void A_follower_refuses_proposals_and_names_the_leader()
    {
        var group = ScriptedGroup.Elected();
        var refused = group.Propose(2, "x");

        Assert.Equal(ProposeOutcome.NotLeader, refused.Outcome);
        Assert.Equal(new NodeId(1), refused.LeaderHint);
    }

    [Fact]
    public void A_group_of_one_commits_with_its_own_disk()
    {
        var group = ScriptedGroup.Founded(1);
        group.Elapse(10);
        var proposed = group.Propose(1, "x");
        group.Settle();

        Assert.Equal(proposed.Index, group[1].Core.CommitIndex);
        Assert.Equal(proposed.Index, group[1].AppliedIndex);
    }

    [Fact]
    public void Minority_partition_makes_no_progress()
    {
        var group = ScriptedGroup.Elected();
        group.Partition([1], [2, 3]);
        var lost = group.Propose(1, "lost");
        group.Elapse(1500);
        var kept = group.Leader.Core.Propose(group.Now, ByteString.CopyFromUtf8("kept"));
        group.Settle();
        Assert.True(kept.Accepted);
        Assert.True(group[1].Core.CommitIndex < lost.Index);

        group.Heal();
        group.Elapse(1500);
        Assert.All(group.Replicas, r => Assert.Contains(r.Applied, e => e.Data.ToStringUtf8() == "kept"));
        Assert.All(group.Replicas, r => Assert.DoesNotContain(r.Applied, e => e.Data.ToStringUtf8() == "lost"));
    }

    [Fact]
    public void A_restarted_group_applies_again_what_was_committed()
    {
        var group = ScriptedGroup.Elected();
        for (var i = 0; i < 5; i++)
        {
            group.Propose(1, "x");
        }

        group.Settle();
        foreach (var replica in group.Replicas)
        {
            replica.Crash();
            replica.Restart();
        }

        group.Elapse(2000);
        Assert.All(group.Replicas, r => Assert.Equal(5, r.Applied.Count(e => e.Kind == EntryKind.Command)));
    }

    [Fact]
    public void Committed_entries_come_in_bounded_portions()
    {
        var group = ScriptedGroup.Elected(1, RaftOptions.Default with { MaxCommittedBatch = 10 });
        group.Elapse(10);
        for (var i = 0; i < 25; i++)
        {
            group.Propose(1, "x");
        }

        group[1].WritesAtOnce = false;
        group[1].Drain();
        group[1].Flush();
        Assert.Equal(10, group[1].Core.TakeEffects()!.Committed.Count);
        Assert.Equal(10, group[1].Core.TakeEffects()!.Committed.Count);
        Assert.Equal(5, group[1].Core.TakeEffects()!.Committed.Count);
        Assert.Null(group[1].Core.TakeEffects());
    }

    [Fact]
    public void A_recycled_effects_record_comes_back_empty()
    {
        var core = new RaftCore(RaftOptions.Default, new ShardId(1), new NodeId(1), RaftRecovery.Founded(ScriptedGroup.Voters(1)), 1);
        core.Tick(TimeSpan.Zero);
        var first = core.TakeEffects()!;
        core.Persisted(first.Batch);
        core.Recycle(first);
        var second = core.TakeEffects()!;
        core.Persisted(second.Batch);
        var third = core.TakeEffects()!;

        Assert.Same(first, third);
        Assert.Single(third.Committed);
        Assert.Empty(third.Events);
        Assert.Null(third.HardState);
    }

    /// <summary>The number of the last batch that the replica has taken: an empty one more tells.</summary>
    private static long Batches(ScriptedReplica replica)
    {
        var low = 0L;
        try
        {
            while (true)
            {
                replica.Core.Persisted(low + 1);
                low++;
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            return low;
        }
    }
}
