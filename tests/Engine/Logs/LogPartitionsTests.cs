using Cluster.Engine.Logs;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

/// <summary>How many partitions a shard may have.</summary>
public class LogPartitionsTests
{
    private readonly ReplicatedLog log = new();

    [Fact]
    public void A_transaction_that_would_make_more_than_a_shard_may_have_is_refused_and_makes_none()
    {
        Make(0, LogBounds.MaxPartitionsPerShard - 1);

        Assert.Equal(LogStatus.Full, log.Do(To("new/0", "a"), To("new/1", "a")).Status);
        Assert.Equal(LogStatus.Ok, log.Do(To("new/0", "a"), To("new/0", "b"), To("t0/0", "c")).Status);
        Assert.Equal(LogStatus.Full, log.Do(To("new/1", "a")).Status);
        log.Restore();
        Assert.Equal(LogStatus.Ok, log.Do(To("t0/0", "d")).Status);
    }

    private void Make(int from, int to)
    {
        for (var number = from; number < to; number++)
        {
            Assert.Equal(LogStatus.Ok, log.Do(To($"t{number}/0", "a")).Status);
        }
    }
}
