using Cluster.Modes.DistributedDatabase;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>What a range refuses, and what it remembers.</summary>
public class RangeDeciderTests
{
    private const string Key = "k";

    private static readonly int Range = Keyspace.RangeOf(Key);
    private static readonly int Elsewhere = (Range + 1) % Keyspace.Ranges;

    private readonly DatabaseWorld world = new(1);

    /// <summary>What a cache of read timestamps is for; here it is state, so a new leader has it.</summary>
    [Fact]
    public void Nothing_commits_at_or_below_a_timestamp_that_was_read_at()
    {
        var before = Put("old");
        var read = Tick();
        Assert.Equal(["old"], Read(read).Values);
        var after = Put("new");

        Assert.True(after > read && read > before, $"{before}, read at {read}, {after}");
        Assert.Equal(["old"], Read(read).Values);
        Assert.Equal(["new"], Read(Tick()).Values);
    }

    /// <summary>One that has no tick is later than what its range knows, and need not be later than a tick that the range has not seen: what it promises is order on its key.</summary>
    [Fact]
    public void A_write_without_a_tick_is_later_than_all_that_was_read_or_written_in_its_range()
    {
        var unseen = Tick();
        var first = PutNow();
        Read(Tick());
        var second = PutNow();
        Assert.True(first < unseen && second > unseen && Timestamp.TickOf(second) == Timestamp.TickOf(unseen) + 1, $"{first} {unseen} {second}");
    }

    [Fact]
    public void An_intent_that_was_laid_after_a_read_is_not_in_the_way_of_another_at_the_same_timestamp()
    {
        var (start, read) = (Tick(), Tick());
        Read(read);
        Lay("t", start);

        Assert.Equal([null], Read(read).Values);
        Assert.IsType<Blocked>(world.Ask(Range, new ReadAt(Tick(), [Key], [], [], false)));
    }

    [Fact]
    public void A_writer_that_began_before_the_newest_version_is_refused()
    {
        var start = Tick();
        Put("newer");
        Assert.IsType<Conflicted>(world.Ask(Range, new Lay("t", Range, start, start, [new Change(Key, "mine")], [Range], null, false)));
    }

    [Fact]
    public void A_pushed_transaction_commits_later_than_whoever_pushed_it()
    {
        var start = Tick();
        Lay("t", start);
        var (early, reader) = (Tick(), Tick());
        Assert.Equal(TransactionStatus.Pending, Push("t", start, reader).Status);

        Assert.Equal(TransactionStatus.Pending, Commit("t", early).Status);
        Assert.Equal(TransactionStatus.Committed, Commit("t", Tick()).Status);
    }

    [Fact]
    public void Whoever_is_older_ends_whoever_is_younger_and_not_the_other_way()
    {
        var (older, younger) = (Tick(), Tick());
        Lay("t", younger);
        Assert.Equal(TransactionStatus.Pending, ((Standing)world.Ask(Range, new Push("t", younger, 0, younger + 1, false))).Status);
        Assert.Equal(TransactionStatus.Aborted, ((Standing)world.Ask(Range, new Push("t", younger, 0, older, false))).Status);
        Assert.Equal(TransactionStatus.Aborted, Commit("t", Tick()).Status);
        Assert.Null(world.At(Range).Intent(Key));
    }

    /// <summary>Its intents elsewhere may have been taken away: a record that comes after that could commit half of it.</summary>
    [Fact]
    public void A_record_that_comes_after_its_transaction_was_ended_is_refused_even_when_that_is_forgotten()
    {
        var start = Tick();
        Assert.Equal(TransactionStatus.Missing, Push("t", start, 0).Status);
        Assert.Equal(TransactionStatus.Aborted, ((Standing)world.Ask(Range, new Push("t", start, 0, null, EndsMissing: true))).Status);
        Assert.IsType<Standing>(world.Ask(Range, LayOf("t", start)));

        world.TidyUp();
        Assert.Null(world.At(Range).Record("t"));
        Assert.IsType<Conflicted>(world.Ask(Range, LayOf("t", start)));
        Assert.IsType<Laid>(world.Ask(Range, LayOf("u", Tick())));
    }

    [Fact]
    public void A_refresh_finds_what_came_what_changed_and_what_went()
    {
        var (start, scan) = (Tick(), new Step(StepKind.Scan, "", Limit: 10));
        Assert.IsType<Refreshed>(RefreshTo(start, Tick(), scan));
        Put("came");
        Assert.IsType<Conflicted>(RefreshTo(start, Tick(), scan));

        var later = Tick();
        world.Ask(Range, new Execute(null, Tick(), [new Step(StepKind.Delete, Key)], false), Writer());
        Assert.IsType<Conflicted>(RefreshTo(later, Tick(), scan));
        Assert.IsType<Conflicted>(RefreshTo(later, Tick(), new Step(StepKind.Find, "came", Limit: 10)));
        Assert.IsType<Refreshed>(RefreshTo(later, Tick(), new Step(StepKind.Find, "never", Limit: 10)));
    }

    [Fact]
    public void A_lookup_by_the_index_shows_what_had_the_value_then()
    {
        Put("red");
        var red = Tick();
        Put("blue");
        Assert.Equal([Key], Find(red, "red"));
        Assert.Empty(Find(red, "blue"));
        Assert.Empty(Find(Tick(), "red"));
        Assert.Equal([Key], Find(Tick(), "blue"));
    }

    [Fact]
    public void A_reader_that_is_further_behind_than_versions_are_kept_begins_again_and_sees_nothing_wrong()
    {
        var old = Tick();
        for (var version = 0; version <= RangeDecider.MaxVersions; version++)
        {
            Put($"v{version}");
        }

        Assert.Equal(RangeDecider.MaxVersions, world.At(Range).Row(Key)!.Versions.Length);
        Assert.IsType<Conflicted>(world.Ask(Range, new ReadAt(old, [Key], [], [], false)));
        Assert.Equal(["v16"], Read(Tick()).Values);
        Assert.DoesNotContain(world.At(Range).Index, entry => entry.Value == "v0");
    }

    /// <summary>The index leads to a row by the values that it has kept: one that is gone with its version must not make a lookup miss the row.</summary>
    [Fact]
    public void A_lookup_as_of_a_version_that_is_not_kept_begins_again()
    {
        Put("red");
        var red = Tick();
        for (var version = 0; version < RangeDecider.MaxVersions; version++)
        {
            Put($"blue{version}");
        }

        var lookup = new Step(StepKind.Find, "red", Limit: 10);
        Assert.IsType<Conflicted>(world.Ask(Range, new ReadAt(red, [], [lookup], [], false)));
        Assert.IsType<Conflicted>(RefreshTo(red, Tick(), lookup));
        Assert.Empty(Find(Tick(), "red"));
    }

    [Fact]
    public void A_refresh_over_a_time_of_which_no_version_is_kept_is_refused()
    {
        var start = Tick();
        PutNow();
        var to = Tick();
        Read(Tick());
        for (var version = 0; version < RangeDecider.MaxVersions; version++)
        {
            PutNow();
        }

        Assert.IsType<Conflicted>(world.Ask(Range, new Refresh("t", start, to, [Key], [], false)));
    }

    [Fact]
    public void A_range_that_has_used_up_its_local_timestamps_asks_for_a_tick()
    {
        Assert.Equal(1, Timestamp.After(0));
        Assert.Null(Timestamp.After(Timestamp.OfTick(8) - 1));
        Read(Timestamp.OfTick(8) - 1);
        Assert.IsType<TickNeeded>(world.Ask(Range, new Execute(null, 0, [new Step(StepKind.Put, Key, "v")], false), Writer()));
        Assert.Equal("8+3", Timestamp.Text(Timestamp.OfTick(8) + 3));
    }

    [Fact]
    public void The_oracle_gives_each_tick_once()
    {
        var ticks = Enumerable.Range(0, 100).Select(_ => world.Tick()).ToList();
        Assert.Equal(ticks.Order(), ticks);
        Assert.Equal(100, ticks.Distinct().Count());
    }

    private static Lay LayOf(string transaction, long start) => new(transaction, Range, start, start, [new Change(Key, "intent")], [Range, Elsewhere], null, false);

    private static Coordinator Writer() => new(new TransactionRequest("w", null, [], true, true, TimeSpan.Zero), new TransactionCore(new TransactionRequest("w", null, [], true, true, TimeSpan.Zero), CoordinatorFlaws.None), 0);

    private long Tick() => Timestamp.OfTick(world.Tick());

    private long Put(string value) => ((Executed)world.Ask(Range, new Execute(null, Tick(), [new Step(StepKind.Put, Key, value)], false), Writer())).At;

    private long PutNow() => ((Executed)world.Ask(Range, new Execute(null, 0, [new Step(StepKind.Put, Key, "now")], false), Writer())).At;

    private ReadDone Read(long at) => Assert.IsType<ReadDone>(world.Ask(Range, new ReadAt(at, [Key], [], [], false)));

    private void Lay(string transaction, long start) => Assert.IsType<Laid>(world.Ask(Range, LayOf(transaction, start)));

    private Standing Push(string transaction, long start, long past) => (Standing)world.Ask(Range, new Push(transaction, start, past, null, false));

    private Standing Commit(string transaction, long at) => (Standing)world.Ask(Range, new Commit(transaction, at, null, []), Writer());

    private RangeReply RefreshTo(long from, long to, Step span) => world.Ask(Range, new Refresh("t", from, to, [], [span], false));

    private IEnumerable<string> Find(long at, string value) =>
        Assert.IsType<ReadDone>(world.Ask(Range, new ReadAt(at, [], [new Step(StepKind.Find, value, Limit: 10)], [], false))).Spans[0].Select(row => row.Key);
}
