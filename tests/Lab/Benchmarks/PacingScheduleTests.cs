using Cluster.Lab.Benchmarks;

namespace Cluster.Lab.Tests.Benchmarks;

public class PacingScheduleTests
{
    [Fact]
    public void Requests_fall_due_evenly_and_go_round_the_connections()
    {
        var schedule = new PacingSchedule(1000, connections: 3);

        Assert.Equal([0, 1_000_000, 2_000_000, 3_000_000, 4_000_000], Enumerable.Range(0, 5).Select(number => schedule.DueNs(number)));
        Assert.Equal(schedule.DueNs(7), schedule.DueNs(connection: 1, number: 2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(999_983)]
    public void No_rounding_adds_up_over_an_hour(int rate)
    {
        var schedule = new PacingSchedule(rate, 64);

        Assert.InRange(schedule.DueNs(3600L * rate) - 3_600_000_000_000, -1000, 1000);
    }
}
