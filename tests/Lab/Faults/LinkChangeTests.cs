using Cluster.Lab.Faults;
using Cluster.Shared.Http;

namespace Cluster.Lab.Tests.Faults;

public class LinkChangeTests
{
    [Fact]
    public void Faults_on_one_link_add_up()
    {
        var faults = new LinkChange(DelayMs: 50).ApplyTo([], "n2");
        faults = new LinkChange(LossPercent: 10).ApplyTo(faults, "n2");

        Assert.Equal([new LinkFaultView("n2", DelayMs: 50, LossPercent: 10)], faults);
    }

    [Fact]
    public void Other_links_stay_as_they_were()
    {
        LinkFaultView other = new("n3", Cut: true);

        Assert.Equal([other, new LinkFaultView("n2", Cut: true)], LinkChange.CutLink.ApplyTo([other], "n2"));
    }

    [Fact]
    public void A_link_without_any_fault_left_is_dropped() =>
        Assert.Empty(new LinkChange(DelayMs: 0).ApplyTo([new LinkFaultView("n2", DelayMs: 50)], "n2"));
}
