using Cluster.Engine.Events;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Events;

/// <summary>The ring of events: what is read again, followed, and lost.</summary>
public class ClusterEventsTests
{
    private const ulong Life = 2_000_000_000;

    private readonly ClusterEvents events = new(NodeName.Parse("n1"), new Incarnation(2), TimeProvider.System);

    [Fact]
    public void Numbers_rise_by_one_and_a_later_life_of_the_node_goes_on_above()
    {
        TellMany(3);
        Assert.Equal([Life + 1, Life + 2, Life + 3], events.Read(0).Select(told => told.Sequence));
        Assert.Equal(Life + 3, events.Last);
        var next = new ClusterEvents(NodeName.Parse("n1"), new Incarnation(3), TimeProvider.System);
        Assert.True(next.Last > events.Last);
        Assert.Empty(next.Read(events.Last));
    }

    [Fact]
    public void Reading_goes_on_after_what_was_read()
    {
        TellMany(5);
        Assert.Equal([Life + 4, Life + 5], events.Read(Life + 3).Select(told => told.Sequence));
        Assert.Empty(events.Read(events.Last));
        Assert.Empty(events.Read(ulong.MaxValue));
        Assert.Equal([Life + 5], events.Read(0, most: 1).Select(told => told.Sequence));
    }

    [Fact]
    public void Only_the_newest_are_kept_and_a_late_reader_sees_the_gap()
    {
        TellMany(ClusterEvents.Capacity + 10);
        var kept = events.Read(Life + 1);
        Assert.Equal(ClusterEvents.Capacity, kept.Count);
        Assert.Equal(Life + 11, kept[0].Sequence);
        Assert.Equal("10", kept[0].Text);
        Assert.Equal(events.Last, kept[^1].Sequence);
    }

    [Fact]
    public async Task A_follower_gets_what_was_kept_and_then_each_new_one()
    {
        TellMany(2);
        using var enough = new CancellationTokenSource();
        var seen = new List<string>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var told in events.FollowAsync(Life + 1, enough.Token))
            {
                seen.Add(told.Text);
                if (seen.Count < 3)
                {
                    events.Tell(ClusterEventKind.StorageChanged, $"new {seen.Count}", detail => detail);
                }
                else
                {
                    await enough.CancelAsync();
                }
            }
        });
        Assert.Equal(["1", "new 1", "new 2"], seen);
    }

    [Fact]
    public async Task A_follower_that_waits_is_woken()
    {
        await using var follower = events.FollowAsync(events.Last, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = follower.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        TellMany(1);
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal("0", follower.Current.Text);
    }

    private void TellMany(int count)
    {
        for (var i = 0; i < count; i++)
        {
            events.Tell(ClusterEventKind.MemberChanged, $"{i}", detail => detail with { Member = "n2" });
        }
    }
}
