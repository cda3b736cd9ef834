using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Saga;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Tests.Saga;

/// <summary>The log takes any number of entries in one write, each judged on what those before it left; it is bounded, and refuses in words.</summary>
public class SagaLogTests
{
    private readonly SagaLog decider = new();
    private SagaLogState log = new SagaLog().Empty;
    private DateTimeOffset now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public void One_write_carries_entries_of_many_sagas_and_of_one_in_their_order()
    {
        var turns = Write(Begin("a"), Begin("b"), Done("a", 0), Done("a", 1), Done("a", 1));

        Assert.Equal([0, 0, 1, 2, 2], turns.Select(turn => turn.Step));
        Assert.Equal(2, log.Open.Count);
    }

    [Fact]
    public void A_begin_that_comes_again_finds_its_saga_and_one_of_another_order_is_refused()
    {
        Write(Begin("a"), Done("a", 0));

        Assert.Equal((1, (string?)null), (Write(Begin("a"))[0].Step, Write(Begin("a"))[0].Refused));
        Assert.Contains("another order", Write(Begin("a", item: "salt"))[0].Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_saga_that_has_stalled_is_given_to_another_driver()
    {
        Write(Begin("a"));
        Assert.Equal("n1", Write(new SagaEntry(Adoption: new SagaAdoption("a", "n2")))[0].Driver);

        now += SagaLog.StalledAfter;
        Assert.Equal("n2", Write(new SagaEntry(Adoption: new SagaAdoption("a", "n2")))[0].Driver);
        Assert.Equal("n2", Write(new SagaEntry(Adoption: new SagaAdoption("a", "n3")))[0].Driver);
    }

    [Fact]
    public void Of_what_has_ended_the_newest_are_kept_and_all_are_counted()
    {
        for (var number = 0; number < SagaLog.MaxEnded + 5; number++)
        {
            Write(Begin($"s{number}"), Done($"s{number}", 0), Done($"s{number}", 1), Done($"s{number}", 2), Done($"s{number}", 3));
        }

        Assert.Equal((0, SagaLog.MaxEnded, SagaLog.MaxEnded + 5L), (log.Open.Count, log.Ended.Count, log.Completed));
        Assert.Null(log.Find("s0"));
        Assert.Contains("no saga s0", Write(Done("s0", 0))[0].Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_log_refuses_a_new_saga_and_changes_nothing()
    {
        for (var number = 0; number < SagaLog.MaxOpen; number += 100)
        {
            Write([.. Enumerable.Range(number, 100).Select(one => Begin($"s{one}"))]);
        }

        Assert.Contains($"{SagaLog.MaxOpen}", Write(Begin("more"))[0].Refused, StringComparison.Ordinal);
        Assert.Equal(SagaLog.MaxOpen, log.Open.Count);
    }

    /// <summary>Every character of such a name is six in JSON; a log over what an entity may hold would not even end its sagas any more.</summary>
    [Fact]
    public void A_full_log_of_the_longest_names_stays_below_what_an_entity_may_hold()
    {
        for (var number = 0; number < SagaLog.MaxOpen + SagaLog.MaxEnded; number++)
        {
            var (id, name) = (Longest($"{number}"), Longest(""));
            Write(new SagaEntry(Begin: new SagaBegin(id, SagaStyle.Orchestrated, new Order(id, name, 1, name, 5, name), 60_000, 0, "n1")));
            Write(number < SagaLog.MaxEnded
                ? [Done(id, 0), Done(id, 1), Done(id, 2), Done(id, 3)]
                : [Done(id, 0), new SagaEntry(Report: new SagaReport(id, 1, SagaFinding.Refused, 3, Longest("") + Longest("")))]);
        }

        Assert.Equal((SagaLog.MaxOpen, SagaLog.MaxEnded), (log.Open.Count, log.Ended.Count));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(log, SagaLogJson.Default.SagaLogState).Length;
        Assert.True(bytes < EntityLimits.MaxStateBytes, $"{bytes} bytes");
    }

    /// <summary>What was written by a leader whose clock was ahead is in the future: nobody is at work on it for that.</summary>
    [Fact]
    public void Progress_in_the_future_does_not_keep_others_off()
    {
        now += TimeSpan.FromMinutes(10);
        Write(Begin("a"));
        now -= TimeSpan.FromMinutes(10);
        Assert.Equal("n2", Write(new SagaEntry(Adoption: new SagaAdoption("a", "n2")))[0].Driver);
        Assert.Equal("n2", Write(new SagaEntry(Adoption: new SagaAdoption("a", "n3")))[0].Driver);
    }

    [Fact]
    public void A_look_for_orphans_goes_on_where_the_last_one_ended()
    {
        Write([.. Enumerable.Range(10, 5).Select(number => Begin($"s{number}"))]);
        now += SagaLog.StalledAfter;
        Assert.Equal(["s10", "s11"], Look(null));
        Assert.Equal(["s12", "s13"], Look("s11"));
        Assert.Equal(["s14"], Look("s13"));

        IEnumerable<string> Look(string? after) =>
            ((SagasOpen)decider.Decide(log, new ReadOpenSagas(2, StalledOnly: true, after), new EntityContext("0", now)).Reply!).Sagas.Select(saga => saga.Id);
    }

    [Fact]
    public void What_is_written_is_read_again_as_it_was()
    {
        Write(Begin("a"), Done("a", 0), new SagaEntry(Report: new SagaReport("a", 1, SagaFinding.Refused, 3, "no money")));
        Assert.True(SagaLog.Type.Codec.TryEncode(new SagaFound(log.Find("a")), out var bytes, out _));
        Assert.True(SagaLog.Type.Codec.TryDecode(bytes, out var read, out _));

        var saga = ((SagaFound)read).Saga!;
        Assert.Equal(log.Find("a")! with { Notes = saga.Notes }, saga);
        Assert.Equal(log.Find("a")!.Notes, saga.Notes);
    }

    private static SagaEntry Begin(string id, string item = "tea") => new(Begin: new SagaBegin(id, SagaStyle.Orchestrated, new Order(id, item, 1, "ann", 5, "post"), 60_000, 0, "n1"));

    private static string Longest(string number) => number.PadLeft(ShopLedgers.MaxNameBytes, '<');

    private static SagaEntry Done(string id, int step) => new(Report: new SagaReport(id, step, SagaFinding.Done, 1));

    private IReadOnlyList<SagaTurn> Write(params SagaEntry[] entries)
    {
        var decided = decider.Decide(log, new WriteSagas([.. entries]), new EntityContext("0", now));
        log = decided.Events.Aggregate(log, decider.Apply);
        return ((SagasWritten)decided.Reply!).Turns;
    }
}
