using Cluster.Engine.Port;
using Cluster.Engine.PubSub;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.PubSub;

public class TopicBucketTests
{
    private static readonly TopicFilter A = TopicFilter.Topic("a");
    private static readonly TopicFilter B = TopicFilter.Topic("b");

    private readonly TopicBucket bucket = new(new NodeId(1), new Incarnation(1), mostRemovals: 10);

    [Fact]
    public void Changes_are_read_from_a_version_on_each_line_once_at_its_newest()
    {
        bucket.Change(A, 1, default);
        bucket.Change(B, 1, default);
        bucket.Change(A, 2, default);
        Assert.Equal([(B, 1, 2UL), (A, 2, 3UL)], Read(0));
        Assert.Equal([(A, 2, 3UL)], Read(2));
        Assert.Empty(Read(3));
        for (var i = 0; i < 1_000; i++)
        {
            bucket.Change(A, i + 3, default);
        }

        Assert.Equal([(B, 1, 2UL), (A, 1_002, 1_003UL)], Read(0));
    }

    [Fact]
    public void A_removal_is_a_change_until_it_is_forgotten_and_then_the_whole_is_needed()
    {
        bucket.Change(A, 1, TimeSpan.FromSeconds(1));
        bucket.Change(B, 1, TimeSpan.FromSeconds(1));
        bucket.Change(A, 0, TimeSpan.FromSeconds(2));
        Assert.Equal((1, 2), (bucket.Count, bucket.Lines));
        Assert.True(bucket.CanContinue(version: 1, forgotten: 0));
        bucket.Forget(before: TimeSpan.FromSeconds(3));
        Assert.Equal((1, 1), (bucket.Count, bucket.Lines));
        Assert.False(bucket.CanContinue(version: 1, forgotten: 0));
        Assert.True(bucket.CanContinue(version: 3, forgotten: 0));
        Assert.True(bucket.CanContinue(version: 1, forgotten: 3)); // One that was begun anew since never knew of the line.
        Assert.Equal([(B, 1, 2UL)], Read(0));
    }

    [Fact]
    public void Of_too_many_removals_the_oldest_half_is_forgotten_early()
    {
        bucket.Change(A, 1, default);
        for (var i = 0; i < 11; i++)
        {
            bucket.Change(TopicFilter.Topic($"t{i}"), 1, default);
            bucket.Change(TopicFilter.Topic($"t{i}"), 0, default);
        }

        Assert.Equal((1, 6), (bucket.Count, bucket.Lines));
        Assert.Equal(13UL, bucket.Forgotten); // Of the sixth removal.
        Assert.Equal(["a", "t6", "t7", "t8", "t9", "t10"], bucket.After(0).Select(line => line.Filter.Name.ToStringUtf8()));
        Assert.False(bucket.CanContinue(version: 12, forgotten: 0));
        Assert.True(bucket.CanContinue(version: 13, forgotten: 0));
    }

    [Fact]
    public void A_line_out_of_order_is_an_error_of_the_caller()
    {
        bucket.Change(A, 1, default);
        Assert.Throws<InvalidOperationException>(() => bucket.Set(B, new TopicInterestState(1, 1, default)));
    }

    private IEnumerable<(TopicFilter, int, ulong)> Read(ulong after) => bucket.After(after).Select(line => (line.Filter, line.Line.Subscribers, line.Line.Version));
}
