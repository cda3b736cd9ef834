using Cluster.Engine.Federation;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Handshakes;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Federation;

/// <summary>Which clusters a node lets in.</summary>
public class ClusterCheckTests
{
    private static readonly NodeAddress Contact = new("10.0.0.4", 4053);

    private readonly LocalNode local = new("east", new PeerIdentity(NodeName.Parse("n1"), new NodeAddress("10.0.0.1", 4053), NodeId.None, new Incarnation(1), Guid.NewGuid()))
    {
        ClusterId = "aa",
        Federated = [new FederatedCluster("west", [Contact])],
    };

    private readonly ClusterCheck check;

    public ClusterCheckTests() => check = new ClusterCheck(local);

    [Fact]
    public void The_own_cluster_and_those_named_are_welcome_and_no_other()
    {
        Assert.Null(check.WhyNot(Hello("east", "aa"), null));
        Assert.Null(check.WhyNot(Hello("east", ""), null));
        Assert.Null(check.WhyNot(Hello("west", "bb"), null));
        Assert.Contains("belongs to cluster 'north'", check.WhyNot(Hello("north", "cc"), null));
    }

    [Fact]
    public void A_second_cluster_under_a_name_is_refused_with_both_ids()
    {
        Assert.Null(check.WhyNot(Hello("west", ""), Contact));
        Assert.Null(check.WhyNot(Hello("west", "bb"), Contact));
        Assert.Null(check.WhyNot(Hello("west", "bb"), null));

        var why = check.WhyNot(Hello("west", "b2"), null);
        Assert.Contains("second cluster that is named 'west'", why);
        Assert.Contains("b2", why);
        Assert.Contains("bb", why);
    }

    [Fact]
    public void Another_cluster_under_the_own_name_is_refused() => Assert.Contains("another cluster that is named 'east' too", check.WhyNot(Hello("east", "zz"), null));

    [Fact]
    public void A_contact_that_belongs_to_another_cluster_is_refused()
    {
        Assert.Contains("is a contact of cluster 'west'", check.WhyNot(Hello("east", "aa"), Contact));
        Assert.Contains("mend --federate", check.WhyNot(Hello("north", "cc"), Contact));
    }

    private static Hello Hello(string cluster, string id) => new() { Cluster = cluster, ClusterId = id };
}
