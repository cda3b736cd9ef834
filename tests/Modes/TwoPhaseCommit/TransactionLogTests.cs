using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Shop;
using Cluster.Modes.TwoPhaseCommit;

namespace Cluster.Modes.Tests.TwoPhaseCommit;

/// <summary>The first decision stands; of a local log only its own node may write one; what ends is counted, with how long it locked others out.</summary>
public class TransactionLogTests
{
    private readonly TransactionLog decider = new();
    private TransactionLogState log = new TransactionLog().Empty;
    private DateTimeOffset now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public void The_first_decision_stands_and_the_second_is_told_of_it()
    {
        var turns = Write(Begin("a"), Decide("a", commit: false, "n2"), Decide("a", commit: true, "n1"));

        Assert.Equal([TransactionPhase.Preparing, TransactionPhase.Aborting, TransactionPhase.Aborting], turns.Select(turn => turn.Phase));
    }

    [Fact]
    public void Of_a_local_log_only_its_own_node_may_decide_or_carry_on()
    {
        Write(Begin("a", CoordinatorKind.Local));
        now += TransactionLog.StalledAfter * 10;

        Assert.Contains("only n1 may decide", Write(Decide("a", commit: false, "n2"))[0].Refused, StringComparison.Ordinal);
        Assert.Equal("n1", Write(Adopt("a", "n2"))[0].Driver);
        Assert.Empty(Stalled("n2"));
        Assert.Equal(["a"], Stalled("n1"));
        Assert.Equal(TransactionPhase.Committing, Write(Decide("a", commit: true, "n1"))[0].Phase);
    }

    [Fact]
    public void Of_a_replicated_log_any_node_may_carry_on_what_has_stalled()
    {
        Write(Begin("a"));
        Assert.Equal("n1", Write(Adopt("a", "n2"))[0].Driver);

        now += TransactionLog.StalledAfter; // It may still wait for votes, and for people to see.
        Assert.Empty(Stalled("n2"));
        now += TimeSpan.FromMilliseconds(1_050);
        Assert.Equal(["a"], Stalled("n2"));
        Assert.Equal("n2", Write(Adopt("a", "n2"))[0].Driver);
        Assert.Empty(Stalled("n3"));
    }

    [Fact]
    public void Progress_in_the_future_does_not_keep_others_off()
    {
        now += TimeSpan.FromMinutes(10);
        Write(Begin("a"), Decide("a", commit: true, "n1"));
        now -= TimeSpan.FromMinutes(10);
        Assert.Equal(["a"], Stalled("n2"));
        Assert.Equal("n2", Write(Adopt("a", "n2"))[0].Driver);
        Assert.Empty(Stalled("n3"));
    }

    [Fact]
    public void A_look_for_orphans_goes_on_where_the_last_one_ended()
    {
        Write([.. Enumerable.Range(10, 5).Select(number => Begin($"s{number}"))]);
        now += TransactionLog.StalledAfter * 10;
        Assert.Equal(["s10", "s11"], Stalled("n2", 2));
        Assert.Equal(["s12", "s13"], Stalled("n2", 2, "s11"));
        Assert.Equal(["s14"], Stalled("n2", 2, "s13"));
    }

    /// <summary>Every character of such a name is six in JSON; a log over what an entity may hold would not even end its transactions any more.</summary>
    [Fact]
    public void A_full_log_of_the_longest_names_stays_below_what_an_entity_may_hold()
    {
        for (var number = 0; number < TransactionLog.MaxOpen + TransactionLog.MaxEnded; number++)
        {
            var (id, name) = (Longest($"{number}"), Longest(""));
            Write(
                new TransactionEntry(Begin: new TransactionBegin(id, CoordinatorKind.Replicated, new Order(id, name, 1, name, 5, name), "n1", 1_000, 50)),
                new TransactionEntry(Decision: new TransactionDecision(id, Commit: false, "n1", Longest("") + Longest(""))));
            if (number < TransactionLog.MaxEnded)
            {
                Write(Finish(id, 1));
            }
        }

        Assert.Equal((TransactionLog.MaxOpen, TransactionLog.MaxEnded), (log.Open.Count, log.Ended.Count));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(log, TransactionLogJson.Default.TransactionLogState).Length;
        Assert.True(bytes < EntityLimits.MaxStateBytes, $"{bytes} bytes");
    }

    [Fact]
    public void Nothing_is_finished_that_is_not_decided()
    {
        Assert.Equal(TransactionPhase.Preparing, Write(Begin("a"), Finish("a"))[1].Phase);
        Assert.Equal(TransactionPhase.Committed, Write(Decide("a", commit: true, "n1"), Finish("a", 40, 5))[1].Phase);
        Assert.Equal((1L, 0L, 2L, 40L), (log.Committed, log.Aborted, log.HeldReplicated.Total, log.HeldReplicated.LongestMs));
    }

    [Fact]
    public void A_begin_that_comes_again_finds_its_transaction_and_one_of_another_order_is_refused()
    {
        Write(Begin("a"));

        Assert.Null(Write(Begin("a"))[0].Refused);
        Assert.Contains("another order", Write(Begin("a", CoordinatorKind.Local))[0].Refused, StringComparison.Ordinal);
        Assert.Contains("no transaction b", Write(Finish("b"))[0].Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_percentile_is_right_to_a_factor_of_two_and_the_longest_exactly()
    {
        var held = Enumerable.Range(1, 1_000).Aggregate(HeldTimes.None, (times, ms) => times.Add(ms));

        Assert.Equal(1_000, held.Total);
        Assert.InRange(held.Percentile(50), 500, 1_000);
        Assert.InRange(held.Percentile(99), 990, 1_000);
        Assert.Equal(1_000, held.LongestMs);
        Assert.Equal((0L, 0L), (HeldTimes.None.Percentile(99), HeldTimes.None.Add(0).Percentile(50)));
        Assert.Equal(2_000, held.Add(held).Total);
    }

    private static TransactionEntry Begin(string id, CoordinatorKind kind = CoordinatorKind.Replicated) => new(Begin: new TransactionBegin(id, kind, new Order(id, "tea", 1, "ann", 5, "post"), "n1", 1_000, 50));

    private static string Longest(string number) => number.PadLeft(ShopLedgers.MaxNameBytes, '<');

    private static TransactionEntry Decide(string id, bool commit, string by) => new(Decision: new TransactionDecision(id, commit, by));

    private static TransactionEntry Adopt(string id, string by) => new(Adoption: new TransactionAdoption(id, by));

    private static TransactionEntry Finish(string id, params long[] held) => new(Finish: new TransactionFinish(id, [.. held]));

    private IEnumerable<string> Stalled(string node, int most = 10, string? after = null) => ((TransactionsOpen)decider.Decide(log, new ReadOpenTransactions(most, null, node, after), new EntityContext("0", now)).Reply!).Transactions.Select(open => open.Id);

    private IReadOnlyList<TransactionTurn> Write(params TransactionEntry[] entries)
    {
        var decided = decider.Decide(log, new WriteTransactions([.. entries]), new EntityContext("0", now));
        log = decided.Events.Aggregate(log, decider.Apply);
        return ((TransactionsWritten)decided.Reply!).Turns;
    }
}
