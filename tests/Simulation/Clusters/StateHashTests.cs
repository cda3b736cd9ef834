using Cluster.Engine.Port;
using Cluster.Engine.Replication;
using Cluster.Simulation.Tests.Entities;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>A state's hash is made of all that has changed of it: nobody pays for it while entries come, and everybody can be compared when they have stopped.</summary>
public class StateHashTests
{
    [Fact]
    public void Under_load_no_state_is_hashed_and_soon_after_it_every_replica_shows_the_same()
    {
        var cluster = SimulatedClusters.Ready(7, options => options with { Shards = 1, Entities = [Counter.Type] });
        var region = cluster.Nodes[0].Engine.Sharding.Start(Counter.Type);
        for (var command = 0; command < 40; command++)
        {
            region.Tell(new ToEntity("c", new Add(1)), cluster.Nodes[0].Engine.System.DeadLetters);
            cluster.Run(TimeSpan.FromMilliseconds(50));
            Assert.True(command < 5 || Replicas().All(status => status.StateHash is null), "a hash was made under load");
        }

        cluster.Run(TimeSpan.FromSeconds(1));

        Assert.NotNull(Assert.Single(Replicas().Select(status => status.StateHash).Distinct()));
        Assert.Equal(3, Replicas().Count());

        IEnumerable<ReplicaStatus> Replicas() => cluster.Nodes.SelectMany(node => node.Engine.Replicas.All).Where(status => !status.Group.IsControl);
    }
}
