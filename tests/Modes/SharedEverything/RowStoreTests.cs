using System.Globalization;
using Cluster.Modes.Postgres;
using Cluster.Modes.SharedEverything;
using Npgsql;

namespace Cluster.Modes.Tests.SharedEverything;

/// <summary>The transactions on a real PostgreSQL: once each however often they are sent, one at a time for each row, and there after a crash.</summary>
public sealed class RowStoreTests(TestPostgres postgres) : IClassFixture<TestPostgres>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RowStore store = new("n1", locksRows: true);
    private long number;

    [Fact]
    public async Task A_request_that_is_sent_again_takes_effect_once_and_is_told_the_first_answer()
    {
        using var source = await PreparedAsync();
        var order = Put("k", "first");

        var first = await store.WriteAsync(source.Current, order, new Attempt());
        await store.WriteAsync(source.Current, Put("k", "second"), new Attempt());
        var again = await store.WriteAsync(source.Current, order, new Attempt());

        Assert.Equal((first.Version, false, true), (again.Version, first.WasDone, again.WasDone));
        Assert.Equal("second", (await RowStore.ReadAsync(source.Current, "k")).Value);
    }

    [Fact]
    public async Task One_that_is_sent_again_while_the_first_still_commits_waits_for_it()
    {
        using var source = await PreparedAsync();
        var order = Put("k", "v");
        await using var first = await source.Current.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var begun = new NpgsqlCommand($"BEGIN; INSERT INTO cluster_requests (session, number, key, version) VALUES ('{order.Session}', {order.Number}, 'k', 42)", first))
        {
            await begun.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var again = store.WriteAsync(source.Current, order, new Attempt());
        await UntilWaitsAsync(source);
        Assert.False(again.IsCompleted);
        await using (var commit = new NpgsqlCommand("COMMIT", first))
        {
            await commit.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(new RowAnswer(42, IsConflict: false, Replaced: false, WasDone: true), await again);
        Assert.Null((await RowStore.ReadAsync(source.Current, "k")).Value);
    }

    [Fact]
    public async Task An_id_that_two_requests_share_is_refused_and_changes_nothing()
    {
        using var source = await PreparedAsync();
        var order = Put("k", "v");
        await store.WriteAsync(source.Current, order, new Attempt());

        await Assert.ThrowsAsync<RequestReusedException>(() => store.WriteAsync(source.Current, order with { Key = "other" }, new Attempt()));
        Assert.Null((await RowStore.ReadAsync(source.Current, "other")).Value);
    }

    [Fact]
    public async Task An_id_that_was_given_to_another_request_on_the_same_key_is_refused_and_not_told_the_first_ones_answer()
    {
        using var source = await PreparedAsync();
        var order = Cas("k", null, "first");
        await store.WriteAsync(source.Current, order, new Attempt());

        RowOrder[] others = [order with { Value = "second" }, order with { Expected = "" }, order with { Operation = RowOperation.Put }, order with { Operation = RowOperation.Delete, Value = null }];
        foreach (var other in others)
        {
            await Assert.ThrowsAsync<RequestReusedException>(() => store.WriteAsync(source.Current, other, new Attempt()));
        }

        Assert.True((await store.WriteAsync(source.Current, order, new Attempt())).WasDone);
        Assert.Equal("first", (await RowStore.ReadAsync(source.Current, "k")).Value);
    }

    [Fact]
    public async Task Tables_of_the_version_before_are_taken_on_and_what_it_kept_is_known()
    {
        using var source = await postgres.NewDatabaseAsync();
        await using (var before = source.Current.CreateCommand("CREATE TABLE cluster_requests (session text NOT NULL, number bigint NOT NULL, key text NOT NULL, version bigint, replaced boolean NOT NULL DEFAULT false, made_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (session, number)); INSERT INTO cluster_requests (session, number, key, version) VALUES ('s', 1, 'k', 42)"))
        {
            await before.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await RowStore.PrepareAsync(source.Current);

        Assert.Equal(new RowAnswer(42, IsConflict: false, Replaced: false, WasDone: true), await store.WriteAsync(source.Current, new RowOrder("s", 1, "k", RowOperation.Put, null, "v"), new Attempt()));
        Assert.False((await store.WriteAsync(source.Current, new RowOrder("s", 2, "k", RowOperation.Put, null, "v"), new Attempt())).WasDone);
    }

    [Fact]
    public async Task Of_many_compare_and_sets_at_once_one_succeeds()
    {
        using var source = await PreparedAsync();

        // Twice: where there is no row to lock, and where there is one.
        foreach (var (expected, round) in new[] { ((string?)null, 0), ("start", 1) })
        {
            await store.WriteAsync(source.Current, Put("start", "start"), new Attempt());
            var key = round == 0 ? "none" : "start";
            var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => store.WriteAsync(source.Current, Cas(key, expected, $"v{i}"), new Attempt())));

            var winner = Assert.Single(answers.Index(), answer => !answer.Item.IsConflict);
            Assert.Equal($"v{winner.Index}", (await RowStore.ReadAsync(source.Current, key)).Value);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counting_by_compare_and_set_loses_nothing_and_without_the_row_s_lock_it_does(bool locksRows)
    {
        using var source = await PreparedAsync();
        var counting = new RowStore("n1", locksRows);
        var start = TimeProvider.System.GetTimestamp();
        for (var round = 0; ; round++)
        {
            var key = $"count{round}";
            await counting.WriteAsync(source.Current, Put(key, "0"), new Attempt());
            var counted = (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CountAsync(counting, source, key, 20)))).Sum();
            var lost = counted - int.Parse((await RowStore.ReadAsync(source.Current, key)).Value!, CultureInfo.InvariantCulture);
            if (locksRows)
            {
                Assert.Equal(0, lost);
                return;
            }

            if (lost > 0)
            {
                return; // The lost update that the broken variant is for.
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "no update was lost without locks: the variant breaks nothing");
        }
    }

    [Fact]
    public async Task Three_nodes_that_make_the_tables_at_once_do_not_disturb_each_other()
    {
        for (var round = 0; round < 4; round++)
        {
            using var first = await postgres.NewDatabaseAsync();
            using var second = postgres.Connect(postgres.LastDatabase, "n2");
            using var third = postgres.Connect(postgres.LastDatabase, "n3");

            await Task.WhenAll(RowStore.PrepareAsync(first.Current), RowStore.PrepareAsync(second.Current), RowStore.PrepareAsync(third.Current));
            await RowStore.PrepareAsync(second.Current);
            Assert.Equal("1", Words(await store.WriteAsync(first.Current, Put("k", "v"), new Attempt())));
        }
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_crash_of_the_database_and_versions_go_on()
    {
        using var source = await PreparedAsync();
        var before = await store.WriteAsync(source.Current, Put("k", "kept"), new Attempt());
        Assert.True(await postgres.KillAsync());
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => RowStore.ReadAsync(source.Current, "k"));
        Assert.Equal(PostgresFailureKind.Lost, PostgresFailure.Of(failed)?.Kind);

        await postgres.StartAsync();
        source.Renew();

        Assert.Equal("kept", (await RowStore.ReadAsync(source.Current, "k")).Value);
        Assert.True((await store.WriteAsync(source.Current, Put("k", "next"), new Attempt())).Version > before.Version);
    }

    [Fact]
    public async Task What_is_given_up_while_the_database_is_stopped_has_no_effect_when_it_goes_on()
    {
        using var source = await PreparedAsync();
        await RowStore.ReadAsync(source.Current, "k"); // A connection that stands: a new one would get nowhere.
        Assert.True(postgres.Server().Pause());
        var attempt = new Attempt();
        var write = store.WriteAsync(source.Current, Put("k", "never"), attempt);
        Assert.False(write.IsCompleted);

        Assert.True(attempt.TryAbandon());
        Assert.True(postgres.Server().Resume());

        await Assert.ThrowsAsync<OperationCanceledException>(() => write);
        Assert.Null((await RowStore.ReadAsync(source.Current, "k")).Value);
    }

    [Fact]
    public async Task A_row_that_somebody_holds_for_too_long_is_refused_as_busy_and_its_holder_is_named()
    {
        using var source = await PreparedAsync();
        await store.WriteAsync(source.Current, Put("k", "v"), new Attempt());
        using var other = postgres.Connect(postgres.LastDatabase, "n2");
        await using var holder = await other.Current.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("BEGIN; SELECT 1 FROM cluster_values WHERE key = 'k' FOR UPDATE", holder);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var write = store.WriteAsync(source.Current, Put("k", "w"), new Attempt());
        await UntilWaitsAsync(source);
        var where = await store.FindRowAsync(source.Current, "k", "here", 1, 8, 0);
        Assert.StartsWith("n2, backend ", where.Row!.LockedBy, StringComparison.Ordinal);
        Assert.Single(where.Row.WaitForLock);
        Assert.Equal("locked", where.Replicas[0].State);

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => write);
        Assert.Equal(PostgresFailureKind.Busy, PostgresFailure.Of(failed)?.Kind);
    }

    [Fact]
    public async Task A_scan_is_in_order_ends_with_its_prefix_and_goes_on_where_it_was()
    {
        using var source = await PreparedAsync();
        foreach (var key in new[] { "b", "a:2", "a:10", "a:", "A:1", "a;", "a:\U0010FFFF" })
        {
            await store.WriteAsync(source.Current, Put(key, key), new Attempt());
        }

        var first = await RowStore.ScanAsync(source.Current, "a:", "", 2);
        var rest = await RowStore.ScanAsync(source.Current, "a:", first.Keys[^1].Key, 10);

        Assert.Equal(["a:", "a:10"], first.Keys.Select(key => key.Key));
        Assert.Equal(["a:2", "a:\U0010FFFF"], rest.Keys.Select(key => key.Key));
        Assert.Equal((true, false), (first.HasMore, rest.HasMore));
        Assert.Equal(7, (await RowStore.ScanAsync(source.Current, "", "", 10)).Keys.Count);
    }

    [Fact]
    public async Task A_deletion_and_its_repetition_are_one()
    {
        using var source = await PreparedAsync();
        await store.WriteAsync(source.Current, Put("k", "v"), new Attempt());
        var order = new RowOrder("s", ++number, "k", RowOperation.Delete, null, null);

        var first = await store.WriteAsync(source.Current, order, new Attempt());
        await store.WriteAsync(source.Current, Put("k", "w"), new Attempt());

        Assert.Equal(new RowAnswer(null, IsConflict: false, Replaced: true, WasDone: false), first);
        Assert.Equal(first with { WasDone = true }, await store.WriteAsync(source.Current, order, new Attempt()));
        Assert.Equal("w", (await RowStore.ReadAsync(source.Current, "k")).Value);
    }

    [Fact]
    public async Task Ids_go_once_nobody_can_send_them_again()
    {
        using var source = await PreparedAsync();
        for (var i = 0; i < 3; i++)
        {
            await store.WriteAsync(source.Current, Put("k", "v"), new Attempt());
        }

        await RowStore.PruneAsync(source.Current, "s", number);

        await using var count = source.Current.CreateCommand("SELECT array_agg(number) FROM cluster_requests");
        Assert.Equal([number], (long[])(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
    }

    private async Task<PostgresSource> PreparedAsync()
    {
        var source = await postgres.NewDatabaseAsync();
        await RowStore.PrepareAsync(source.Current);
        return source;
    }

    private RowOrder Put(string key, string value) => new("s", Interlocked.Increment(ref number), key, RowOperation.Put, null, value);

    private RowOrder Cas(string key, string? expected, string value) => new("s", Interlocked.Increment(ref number), key, RowOperation.CompareAndSet, expected, value);

    /// <summary>Counts up so many times by compare-and-set; returns how often it was told that it had.</summary>
    private async Task<int> CountAsync(RowStore counting, PostgresSource source, string key, int times)
    {
        var told = 0;
        for (var i = 0; i < times; i++)
        {
            var stands = (await RowStore.ReadAsync(source.Current, key)).Value!;
            var next = (int.Parse(stands, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
            told += (await counting.WriteAsync(source.Current, Cas(key, stands, next), new Attempt())).IsConflict ? 0 : 1;
        }

        return told;
    }

    /// <summary>Until some transaction waits for another.</summary>
    private static async Task UntilWaitsAsync(PostgresSource source)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken))
        {
            await using var waits = source.Current.CreateCommand("SELECT count(*) FROM pg_locks WHERE NOT granted");
            if (await waits.ExecuteScalarAsync(TestContext.Current.CancellationToken) is > 0L)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "nobody waits");
        }
    }

    private static string Words(RowAnswer answer) => answer.Version!.Value.ToString(CultureInfo.InvariantCulture);
}
