using Cluster.Modes.Postgres;
using Cluster.Modes.SharedEverything;

namespace Cluster.Modes.Tests.SharedEverything;

/// <summary>The pool in words: who begins, who waits, who is refused, and what becomes of all of them while the database is away.</summary>
public class PoolCoreTests
{
    private readonly PoolCore pool = new(new PostgresOptions { PoolSize = 2, QueueMax = 3, BackoffMin = TimeSpan.FromMilliseconds(50), BackoffMax = TimeSpan.FromMilliseconds(400) });

    [Fact]
    public void The_first_request_connects_and_all_that_come_meanwhile_wait()
    {
        Assert.Equal("connect after 0", Told(pool.Ask(1)));
        Assert.Equal("", Told(pool.Ask(2)));
        Assert.Equal("", Told(pool.Ask(3)));

        Assert.Equal("start 1, start 2", Told(pool.Connected()));
        Assert.Equal("start 3", Told(pool.Ended(1)));
    }

    [Fact]
    public void No_more_than_the_pool_begins_and_no_more_than_the_queue_waits()
    {
        Up();
        Assert.Equal("start 1", Told(pool.Ask(1)));
        Assert.Equal("start 2", Told(pool.Ask(2)));
        Assert.Equal("", Told([.. pool.Ask(3), .. pool.Ask(4), .. pool.Ask(5)]));
        Assert.Equal("refuse 6: 3 requests wait for one of its 2 connections: send it again later", Told(pool.Ask(6)));
        Assert.Equal((2, 3), (pool.InUse, pool.Waiting));

        Assert.Equal("start 3", Told(pool.Ended(2)));
        Assert.Equal("", Told(pool.Ask(7)));
    }

    [Fact]
    public void While_the_database_is_away_requests_are_refused_at_once_and_it_is_tried_more_and_more_seldom()
    {
        Up();
        pool.Ask(1);
        Assert.Equal("connect after 0", Told(pool.Lost()));
        Assert.Equal("", Told(pool.Ask(2)));
        Assert.Equal("away 2: gone, connect after 50", Told(pool.ConnectFailed("gone")));
        Assert.Equal("away 3: gone", Told(pool.Ask(3)));

        Assert.Equal("connect after 100", Told(pool.ConnectFailed("gone")));
        Assert.Equal("connect after 200", Told(pool.ConnectFailed("gone")));
        Assert.Equal("connect after 400", Told(pool.ConnectFailed("gone")));
        Assert.Equal("connect after 400", Told(pool.ConnectFailed("gone")));
        Assert.Equal("", Told(pool.Ended(1)));
        Assert.Equal("", Told(pool.Connected()));
        Assert.Equal("start 4", Told(pool.Ask(4)));
        Assert.Equal("connect after 0", Told(pool.Lost()));
        Assert.Equal("connect after 50", Told(pool.ConnectFailed("again")));
    }

    [Fact]
    public void A_request_whose_outcome_is_open_is_never_refused_and_comes_before_all_others()
    {
        Up();
        pool.Ask(1);
        pool.Ask(2);
        pool.Ask(3);
        pool.Lost();
        Assert.Equal("", Told(pool.Again(1)));
        Assert.Equal("away 3: gone, connect after 50", Told(pool.ConnectFailed("gone")));
        Assert.Equal("", Told(pool.Ended(2)));

        Assert.Equal("start 1", Told(pool.Connected()));
    }

    [Fact]
    public void Whoever_has_gone_is_passed_over()
    {
        Up();
        pool.Ask(1);
        pool.Ask(2);
        pool.Ask(3);
        pool.Ask(4);
        pool.Gone(3);
        Assert.Equal(1, pool.Waiting);
        Assert.Equal("start 4", Told(pool.Ended(1)));
        Assert.Equal("", Told(pool.Ended(2)));
    }

    [Fact]
    public void A_second_connection_that_breaks_says_nothing_new()
    {
        Up();
        pool.Lost();
        Assert.Equal("", Told(pool.Lost()));
        pool.ConnectFailed("gone");
        Assert.Equal("", Told(pool.Lost()));
    }

    private void Up()
    {
        pool.Ask(100);
        pool.Connected();
        pool.Ended(100);
    }

    private static string Told(IEnumerable<PoolMove> moves) => string.Join(", ", moves.Select(move => move switch
    {
        PoolMove.Start start => $"start {start.Id}",
        PoolMove.Refuse refuse => $"{(refuse.IsOverload ? "refuse" : "away")} {refuse.Id}: {refuse.Why}",
        PoolMove.Connect connect => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"connect after {connect.After.TotalMilliseconds:0}"),
        _ => throw new ArgumentException(move.ToString()),
    }));
}
