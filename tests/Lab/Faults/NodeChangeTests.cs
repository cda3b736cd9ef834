using Cluster.Lab.Faults;
using Cluster.Shared.Http;

namespace Cluster.Lab.Tests.Faults;

public class NodeChangeTests
{
    [Fact]
    public void Faults_of_a_disk_add_up_and_go_one_by_one()
    {
        var disk = new DiskChange(LatencyMs: 50, JitterMs: 5).ApplyTo(DiskFaultView.None);
        disk = new DiskChange(Full: true).ApplyTo(disk);
        Assert.Equal(new DiskFaultView(LatencyMs: 50, JitterMs: 5, Full: true), disk);

        disk = new DiskChange(LatencyMs: 0).ApplyTo(disk);
        Assert.Equal(new DiskFaultView(Full: true), disk);
        Assert.Equal(DiskFaultView.None, new DiskChange(Full: false).ApplyTo(disk));
    }

    [Fact]
    public void Who_tears_writes_holds_them_and_who_holds_none_tears_none()
    {
        var torn = new DiskChange(Torn: true).ApplyTo(DiskFaultView.None);
        Assert.Equal(new DiskFaultView(LoseUnsynced: true, Torn: true), torn);
        Assert.Equal(DiskFaultView.None, new DiskChange(LoseUnsynced: false).ApplyTo(torn));
        Assert.Equal(new DiskFaultView(LoseUnsynced: true), new DiskChange(Torn: false).ApplyTo(torn));
    }

    [Fact]
    public void A_clock_keeps_the_part_that_is_not_changed()
    {
        var clock = new ClockChange(SkewMs: -500).ApplyTo(ClockFaultView.None);
        Assert.Equal(new ClockFaultView(-500, 1.05), new ClockChange(Rate: 1.05).ApplyTo(clock));
        Assert.True(new ClockChange().IsEmpty && new DiskChange().IsEmpty);
    }
}
