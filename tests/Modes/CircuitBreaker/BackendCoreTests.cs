using Cluster.Modes.CircuitBreaker;

namespace Cluster.Modes.Tests.CircuitBreaker;

/// <summary>The dependency: what it serves, drops and fails, and that its record says so.</summary>
public class BackendCoreTests
{
    private readonly BackendCore backend = new("L", ignoresKeys: false);
    private TimeSpan now = TimeSpan.FromSeconds(5);
    private long attempts;

    [Fact]
    public void A_key_takes_effect_once_though_it_is_sent_again()
    {
        Assert.Equal([1L, 1L, 2L], new[] { "a", "a", "b" }.Select(key => Served(key).Value));
        Assert.Equal([AttemptSeen.Effect, AttemptSeen.Repeat, AttemptSeen.Effect], Fates());
    }

    [Fact]
    public void A_key_that_was_given_to_another_item_is_refused_and_not_told_that_items_value()
    {
        Served("a");
        backend.Arrive(Invoke("a") with { Item = "other" }, now, 0);
        backend.Advance(now += TimeSpan.FromMilliseconds(10));

        var reply = backend.TakeEffect()!.Reply!;
        Assert.True(reply.IsConflict);
        Assert.Contains("an add to item", reply.Failure, StringComparison.Ordinal);
        Assert.Equal([AttemptSeen.Effect, AttemptSeen.Failed], Fates());
    }

    [Fact]
    public void One_that_ignores_keys_counts_twice()
    {
        var careless = new BackendCore("L", ignoresKeys: true);
        for (var sent = 0; sent < 2; sent++)
        {
            careless.Arrive(Invoke("a"), now, 0);
            careless.Advance(now += TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, careless.Log.Page(1).Count(attempt => attempt.Fate == AttemptSeen.Effect));
    }

    [Fact]
    public void What_its_caller_no_longer_waits_for_is_not_begun()
    {
        backend.Set(new BackendHealth(HealthKind.Slow, 300, 0, 0), now);
        for (var sent = 0; sent < BackendCore.Workers + 1; sent++)
        {
            backend.Arrive(Invoke($"k{sent}", leftMs: 250), now, 0);
        }

        backend.Advance(now + TimeSpan.FromSeconds(1));

        Assert.Equal(BackendCore.Workers, Fates().Count(fate => fate == AttemptSeen.Effect)); // They had begun: what was begun is finished.
        Assert.Equal(AttemptSeen.Expired, Fates()[^1]);
        Assert.Null(backend.Next);
    }

    [Fact]
    public void A_slow_one_serves_so_many_at_once_and_the_next_as_each_ends()
    {
        backend.Set(new BackendHealth(HealthKind.Slow, 100, 0, 0), now);
        for (var sent = 0; sent < BackendCore.Workers * 2; sent++)
        {
            backend.Arrive(Invoke($"k{sent}"), now, 0);
        }

        backend.Advance(now + TimeSpan.FromMilliseconds(199));
        Assert.Equal(BackendCore.Workers, Fates().Count(fate => fate == AttemptSeen.Effect));
        backend.Advance(now + TimeSpan.FromMilliseconds(200));
        Assert.DoesNotContain(AttemptSeen.Waiting, Fates());
    }

    [Fact]
    public void A_full_queue_refuses_at_once()
    {
        backend.Set(new BackendHealth(HealthKind.Slow, 1_000, 0, 0), now);
        for (var sent = 0; sent <= BackendCore.Workers + BackendCore.MostWaiting; sent++)
        {
            backend.Arrive(Invoke($"k{sent}"), now, 0);
        }

        Assert.NotNull(backend.TakeEffect()?.Reply?.Failure);
        Assert.Equal(AttemptSeen.Overloaded, Fates()[^1]);
    }

    [Fact]
    public void A_flapping_one_fails_and_serves_by_turns_and_a_failing_one_its_share()
    {
        backend.Set(new BackendHealth(HealthKind.Flapping, 0, 0, 100), now);
        Assert.Equal([true, false, true], new[] { 0, 100, 100 }.Select(wait => Failed(wait, 0.99)));
        backend.Set(new BackendHealth(HealthKind.Failing, 0, 30, 0), now);
        Assert.True(Failed(1, 0.29));
        Assert.False(Failed(1, 0.31));
    }

    [Fact]
    public void The_record_is_read_page_by_page_from_any_number()
    {
        for (var sent = 0; sent < 1_200; sent++)
        {
            backend.Arrive(Invoke($"k{sent}"), now += TimeSpan.FromMilliseconds(3), 0);
        }

        Assert.Equal(BackendLog.MostOnPage, backend.Log.Page(1).Count);
        Assert.Equal((501, 1_000), (backend.Log.Page(501)[0].Seq, backend.Log.Page(501)[^1].Seq));
        Assert.Equal(200, backend.Log.Page(1_001).Count);
        Assert.Empty(backend.Log.Page(1_201));
        Assert.Empty(backend.Log.Page(long.MaxValue));
    }

    private Invoke Invoke(string key, long leftMs = 1_000) => new(1, ++attempts, "n1/a", key, 1, 0, IsAdd: true, "item", leftMs);

    private Invoked Served(string key)
    {
        backend.Arrive(Invoke(key), now, 0);
        backend.Advance(now += TimeSpan.FromMilliseconds(10));
        return backend.TakeEffect()!.Reply!;
    }

    private bool Failed(int waitMs, double random)
    {
        backend.Arrive(Invoke($"f{attempts}"), now += TimeSpan.FromMilliseconds(waitMs), random);
        return backend.Log.Page(backend.Log.Last)[0].Fate == AttemptSeen.Failed;
    }

    private List<string> Fates() => [.. backend.Log.Page(1).Select(attempt => attempt.Fate)];
}
