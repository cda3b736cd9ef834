using Cluster.Engine.Logs;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

/// <summary>Offsets, and what an idempotent producer may rely on (KIP-98).</summary>
public class LogAppendTests
{
    private readonly ReplicatedLog log = new();

    [Fact]
    public void Offsets_go_on_where_what_is_only_proposed_ends()
    {
        Assert.Equal(0ul, log.Propose(Append("a", "b")).Steps[0].Offset);
        Assert.Equal(2ul, log.Propose(Append("c")).Steps[0].Offset);
        Assert.Equal(0ul, log.Fetch(P, 0).End);

        log.ApplyAll();

        Assert.Equal(["a", "b", "c"], log.Read(P).Select(record => record.Value.ToStringUtf8()));
        Assert.Equal([0ul, 1ul, 2ul], log.Read(P).Select(record => record.Offset));
        Assert.Equal(["c"], log.Read(P, 2).Select(record => record.Value.ToStringUtf8()));
    }

    [Fact]
    public void What_a_lost_leader_had_proposed_leaves_no_trace()
    {
        log.Do(Append("a"));
        log.Propose(Produce("p", 0, 0, "lost"));
        log.Lose();

        Assert.Equal(1ul, log.Do(Produce("p", 0, 0, "b")).Steps[0].Offset);
        Assert.Equal(["a", "b"], log.Read(P).Select(record => record.Value.ToStringUtf8()));
    }

    [Fact]
    public void A_batch_that_is_sent_again_is_answered_with_its_offset_and_stands_there_once()
    {
        log.Propose(Produce("p", 0, 0, "a", "b"));
        var again = log.Propose(Produce("p", 0, 0, "a", "b"));
        log.Do(Produce("p", 0, 2, "c"));
        var late = log.Do(Produce("p", 0, 0, "a", "b"));

        Assert.Equal((0ul, true), (again.Steps[0].Offset, again.Steps[0].Duplicate));
        Assert.Equal((0ul, true), (late.Steps[0].Offset, late.Steps[0].Duplicate));
        Assert.Equal(3, log.Read(P).Count);
    }

    [Fact]
    public void A_gap_in_the_sequence_is_refused_and_so_is_an_epoch_that_does_not_begin_at_0()
    {
        log.Do(Produce("p", 1, 0, "a"));

        Assert.Equal(LogStatus.OutOfOrder, log.Do(Produce("p", 1, 2, "c")).Status);
        Assert.Equal(LogStatus.OutOfOrder, log.Do(Produce("p", 2, 1, "c")).Status);
        Assert.Equal(LogStatus.OutOfOrder, log.Do(Produce("new", 0, 1, "c")).Status);
        Assert.Single(log.Read(P));
    }

    [Fact]
    public void A_producer_that_was_started_anew_fences_its_former_self()
    {
        log.Do(Produce("p", 1, 0, "a"));
        log.Do(Produce("p", 2, 0, "b"));

        Assert.Equal(LogStatus.Fenced, log.Do(Produce("p", 1, 1, "late")).Status);
        Assert.Equal(LogStatus.Ok, log.Do(Produce("p", 2, 1, "c")).Status);
    }

    [Fact]
    public void A_batch_older_than_those_that_are_remembered_is_refused_and_not_appended_again()
    {
        for (ulong sequence = 0; sequence <= LogBounds.RememberedBatches; sequence++)
        {
            log.Do(Produce("p", 0, sequence, "a"));
        }

        Assert.Equal(LogStatus.OutOfOrder, log.Do(Produce("p", 0, 0, "a")).Status);
        Assert.True(log.Do(Produce("p", 0, 1, "a")).Steps[0].Duplicate);
        Assert.Equal(LogBounds.RememberedBatches + 1, log.Read(P).Count);
    }

    [Fact]
    public void Of_too_many_producers_the_one_that_appended_longest_ago_is_forgotten()
    {
        for (var producer = 0; producer <= LogBounds.MaxProducers; producer++)
        {
            log.Do(Produce($"p{producer}", 0, 0, "a"));
        }

        Assert.Equal((uint)LogBounds.MaxProducers, log.Ask(new LogCommand { Describe = new LogDescribe { Partition = P } }).Description.Producers);
        Assert.Equal(LogStatus.OutOfOrder, log.Do(Produce("p0", 0, 1, "b")).Status);
        Assert.Equal(LogStatus.Ok, log.Do(Produce("p1", 0, 1, "b")).Status);
    }

    [Fact]
    public void A_retry_is_known_after_a_snapshot_too()
    {
        log.Do(Produce("p", 3, 0, "a"));
        log.Restore();

        Assert.True(log.Do(Produce("p", 3, 0, "a")).Steps[0].Duplicate);
        Assert.Equal(LogStatus.Ok, log.Do(Produce("p", 3, 1, "b")).Status);
        Assert.Equal(["a", "b"], log.Read(P).Select(record => record.Value.ToStringUtf8()));
    }

    [Fact]
    public void Bad_input_is_refused_with_its_bound_and_changes_nothing()
    {
        var before = log.Leader.StateHash;

        Assert.Equal(LogStatus.Bad, log.Do().Status);
        Assert.Equal(LogStatus.Bad, log.Do(Append()).Status);
        Assert.Equal(LogStatus.Bad, log.Do(To("", "a")).Status);
        Assert.Equal(LogStatus.Bad, log.Do(To(new string('x', LogBounds.MaxNameBytes + 1), "a")).Status);
        Assert.Contains("1048576", log.Do(Append(new string('x', LogBounds.MaxBatchBytes))).Detail, StringComparison.Ordinal);
        Assert.Equal(LogStatus.Bad, log.Do(Produce("", 1, 0, "a")).Status);
        Assert.Equal(LogStatus.Bad, log.Do(Configure((LogCleanup)7)).Status);
        Assert.Equal(before, log.Leader.StateHash);
        Assert.True(log.Leader.IsUnused);
    }
}
