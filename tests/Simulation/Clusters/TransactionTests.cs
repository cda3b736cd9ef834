using Cluster.Engine.Simulation;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>
/// Transactions under everything that a seed can think of: money moves between two accounts of one slot, by guarded and by blind batches, and counters are raised by
/// who read them first. Whoever reads both accounts sees all the money, at every moment, also in an old copy; and no acknowledged raise is lost, none counted twice.
/// </summary>
public class TransactionTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Money_is_neither_made_nor_lost_and_no_raise_of_a_counter_whatever_breaks(int seed)
    {
        var cluster = new SimulatedCluster(seed, 3, options => options with { Shards = 2 });
        cluster.StartAll();
        AwaitReady(cluster);
        var clients = new TransactionClients(cluster, count: 8);
        clients.Open();
        var faults = new ChaosFaults(cluster);
        for (var end = cluster.Time.GetUtcNow() + TimeSpan.FromSeconds(8); cluster.Time.GetUtcNow() < end;)
        {
            faults.Turn();
            clients.Turn();
            cluster.Run(TimeSpan.FromMilliseconds(2));
        }

        faults.HealAll();
        AwaitReady(cluster);
        cluster.RunUntil(clients.AllEnded, TimeSpan.FromSeconds(10), () => "every transaction ends");
        clients.Judge($"seed {seed}\n{faults.Log}\n{cluster.Diary}");
    }

    private static void AwaitReady(SimulatedCluster cluster) => cluster.RunUntil(
        () => cluster.Nodes.All(node => node.IsRunning && node.Engine.View.NotReadyBecause is null),
        TimeSpan.FromSeconds(30),
        () => "all nodes are ready");
}
