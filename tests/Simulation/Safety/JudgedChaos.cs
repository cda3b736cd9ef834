using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation;
using Cluster.Engine.Simulation.Safety;
using Cluster.Simulation.Tests.Clusters;

namespace Cluster.Simulation.Tests.Safety;

/// <summary>A whole cluster under chaos and load with a bug planted in it, before a judge who knows one rule only.</summary>
internal sealed class JudgedChaos
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly SimulatedCluster cluster;

    public JudgedChaos(int seed, RaftFlaws flaws, SafetyRule rule)
    {
        // Short logs, so that snapshots take part; disks that take their time, so that what is not flushed yet is there to be lost.
        cluster = new SimulatedCluster(seed, 3, options => options with
        {
            Shards = 2,
            Replication = options.Replication with { SnapshotAfterLogBytes = 32 * 1024, Raft = options.Replication.Raft with { KeepEntries = 64, Flaws = flaws } },
        });
        cluster.Safety.JudgesOnly = rule;
        foreach (var node in cluster.Nodes)
        {
            node.ClockRate = 0.96 + (cluster.Random.NextDouble() * 0.08);
            node.DiskLatency = TimeSpan.FromMilliseconds(1 + cluster.Random.Next(4));
        }
    }

    /// <summary>What the judge found; null when nothing.</summary>
    /// <param name="each">What else happens all the time.</param>
    public SafetyViolation? Run(Action<SimulatedCluster>? each = null)
    {
        var faults = new ChaosFaults(cluster);
        var clients = new RecordingClients(cluster, count: 5);
        try
        {
            cluster.StartAll();
            while (cluster.Now < Length)
            {
                faults.Turn();
                clients.Turn();
                each?.Invoke(cluster);
                cluster.Run(Step);
            }
        }
        catch (SafetyViolationException caught)
        {
            return caught.Violation;
        }

        return null;
    }
}
