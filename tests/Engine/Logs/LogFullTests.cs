using Cluster.Engine.Logs;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

/// <summary>A compacted partition near its bound: it makes room while it can, and can always be emptied.</summary>
public class LogFullTests
{
    private const int Bound = 1024 * 1024;

    private readonly ReplicatedLog log = new();

    [Fact]
    public void Keys_that_take_more_than_half_of_the_bound_are_written_over_for_as_long_as_one_likes()
    {
        log.Do(Configure(LogCleanup.Compact, retentionBytes: Bound));
        Fill(share: 0.7, out var keys);
        for (var round = 0; round < 20; round++)
        {
            foreach (var key in keys)
            {
                Assert.Equal(LogStatus.Ok, log.Do(Keyed(key, Value(round))).Status);
                log.DoDue();
            }
        }

        Assert.Equal(keys.Count, log.Read(P).DistinctBy(record => record.Key).Count());
    }

    [Fact]
    public void A_full_partition_takes_deletions_and_has_room_again_when_the_keys_are_gone()
    {
        log.Do(Configure(LogCleanup.Compact, retentionBytes: Bound));
        Fill(share: 2, out var keys);
        Assert.Equal(LogStatus.Full, log.Do(Keyed("more", Value(1))).Status);

        foreach (var key in keys)
        {
            Assert.Equal(LogStatus.Ok, log.Do(Keyed(key, null)).Status);
            log.DoDue();
        }

        Assert.Equal(LogStatus.Ok, log.Do(Keyed("more", Value(1))).Status);
        Assert.InRange(log.Leader.StateBytes, 0, Bound / 4);
    }

    [Fact]
    public void Keys_as_large_as_their_records_can_be_deleted_too()
    {
        log.Do(Configure(LogCleanup.Compact, retentionMs: 1_000, retentionBytes: LogBounds.MinCompactBytes));
        var keys = Enumerable.Range(0, 10_000).Select(i => $"{i:00000}{new string('k', 200)}").TakeWhile(key => log.Do(Keyed(key, "")).Status == LogStatus.Ok).ToList();

        foreach (var key in keys)
        {
            Assert.Equal(LogStatus.Ok, log.Do(Keyed(key, null)).Status);
            log.DoDue();
        }

        log.NowMs += 10_000;
        log.DoDue();
        Assert.Empty(log.Read(P));
    }

    [Fact]
    public void A_partition_that_deletions_of_unknown_keys_have_filled_has_room_again_when_they_are_old()
    {
        log.Do(Configure(LogCleanup.Compact, retentionMs: 60_000, retentionBytes: LogBounds.MinCompactBytes));
        for (var i = 0; log.Do(Keyed($"{i:00000}{new string('k', 200)}", null)).Status == LogStatus.Ok; i++)
        {
            log.DoDue();
        }

        log.NowMs += 130_000;
        log.DoDue();

        Assert.Equal(LogStatus.Ok, log.Do(Keyed("a", "1")).Status);
    }

    [Fact]
    public void A_pass_that_can_gain_nothing_does_not_begin()
    {
        log.Do(Configure(LogCleanup.Compact, retentionMs: 1_000, retentionBytes: Bound));
        Fill(share: 2, out _);
        log.DoDue();
        for (var i = 0; i < 100; i++)
        {
            log.NowMs += 10_000;
            Assert.Equal(LogStatus.Full, log.Do(Keyed("more", Value(i))).Status);
            Assert.Equal(0, log.DoDue());
        }
    }

    [Fact]
    public void A_bound_that_is_too_small_to_be_compacted_is_refused_with_the_least()
    {
        var refused = log.Do(Configure(LogCleanup.Compact, retentionBytes: LogBounds.MinCompactBytes - 1));

        Assert.Equal(LogStatus.Bad, refused.Status);
        Assert.Contains($"{LogBounds.MinCompactBytes}", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(LogStatus.Ok, log.Do(Configure(LogCleanup.Compact, retentionBytes: LogBounds.MinCompactBytes)).Status);
    }

    private static string Value(int round) => $"{round:000}-{new string('x', 900)}";

    private void Fill(double share, out List<string> keys)
    {
        keys = [];
        for (var key = 0; log.Leader.StateBytes < share * Bound; key++)
        {
            if (log.Do(Keyed($"k{key:0000}", Value(0))).Status != LogStatus.Ok)
            {
                break;
            }

            keys.Add($"k{key:0000}");
        }
    }
}
