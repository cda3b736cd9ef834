using System.Net;
using Cluster.Client.Locks;
using Cluster.Lab.Http;

namespace Cluster.Cluster.Tests.Locks;

/// <summary>A lease is renewed at each third, and its loss is said while there is still time to stop: before it is over, whatever the nodes do.</summary>
public class LeaseKeeperTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly ManualTime time = new();
    private readonly List<TimeSpan> asked = [];
    private Func<TimeSpan, CancellationToken, Task> node = (_, _) => Task.CompletedTask;

    [Fact]
    public async Task It_renews_at_each_third_until_it_is_told_to_stop()
    {
        using var stop = new CancellationTokenSource();
        var kept = await KeepAsync(stop.Token);
        time.Pass(TimeSpan.FromSeconds(35));
        Assert.Equal(11, asked.Count);
        Assert.False(kept.IsCompleted);

        await stop.CancelAsync();
        Assert.Null(await kept);
    }

    /// <summary>A node that is stopped takes the connection and never answers.</summary>
    [Fact]
    public async Task Nodes_that_are_silent_lose_it_before_it_is_over()
    {
        var kept = await KeepAsync(CancellationToken.None);
        node = (_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
        time.Pass(TimeSpan.FromSeconds(8.9));
        Assert.False(kept.IsCompleted);
        time.Pass(TimeSpan.FromSeconds(0.2));

        Assert.Contains("no renewal was confirmed for 9.", await kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_try_is_given_what_is_left_and_no_more()
    {
        var kept = await KeepAsync(CancellationToken.None);
        TimeSpan given = default;
        node = (within, _) =>
        {
            given = within;
            throw new NoAnswerException("n1 does not answer");
        };
        time.Pass(TimeSpan.FromSeconds(4));

        Assert.InRange(given, TimeSpan.FromSeconds(5.6), TimeSpan.FromSeconds(5.7));
        Assert.EndsWith("n1 does not answer", await kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_refuses_loses_it_at_once()
    {
        var kept = await KeepAsync(CancellationToken.None);
        node = (_, _) => throw new NodeRefusedException(HttpStatusCode.Conflict, "token 1 has passed on");
        time.Pass(TimeSpan.FromSeconds(3.4));

        Assert.Equal("token 1 has passed on", await kept);
    }

    [Fact]
    public async Task A_process_that_was_stopped_past_it_asks_nobody_whether_it_may_go_on()
    {
        var kept = await KeepAsync(CancellationToken.None);
        time.Jump(TimeSpan.FromSeconds(9.5));

        Assert.Contains("did not run", await kept, StringComparison.Ordinal);
        Assert.Single(asked);
    }

    [Fact]
    public async Task A_renewal_counts_from_when_it_was_sent()
    {
        var kept = await KeepAsync(CancellationToken.None);
        var slow = new TaskCompletionSource();
        node = (_, _) => slow.Task;
        time.Pass(TimeSpan.FromSeconds(6));
        node = (_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
        slow.SetResult();
        time.Pass(TimeSpan.FromSeconds(6.2)); // Sent at 3.3 s: taken for lost at 12.3 s, and not at 15 s.
        Assert.False(kept.IsCompleted);
        time.Pass(TimeSpan.FromSeconds(0.3));

        Assert.Contains("confirmed for 9.", await kept, StringComparison.Ordinal);
    }

    private async Task<Task<string?>> KeepAsync(CancellationToken stop)
    {
        var keeper = new LeaseKeeper(
            (within, cancellation) =>
            {
                asked.Add(time.Now);
                return node(within, cancellation);
            },
            Lease,
            time);
        Assert.Null(await keeper.ConfirmAsync(CancellationToken.None));
        return keeper.KeepAsync(stop);
    }
}
