using Cluster.Engine.Hosting;
using Cluster.Engine.Simulation;
using Cluster.Modes;
using Cluster.Modes.Hosting;

namespace Cluster.Simulator.Stage;

/// <summary>The modes that are played, on each simulated node: started with every life of it, as the node program does with all modes. What nobody asks there would only take time here.</summary>
internal sealed class SimulatedModes
{
    private readonly Dictionary<EmbeddedNode, ModeHost> hosts = [];

    public SimulatedModes(SimulatedCluster cluster, IReadOnlyList<Mode> played) => cluster.Started = node =>
    {
        foreach (var ended in hosts.Keys.Where(life => cluster.Nodes.All(other => !other.IsRunning || other.Engine != life)).ToList())
        {
            hosts.Remove(ended);
        }

        var host = new ModeHost(node.Engine, played);
        host.Dispose(); // Meters belong to the process, which would keep every node of a thousand runs alive by them.
        hosts.Add(node.Engine, host);
    };

    /// <summary>The modes on a running node.</summary>
    public ModeHost On(EmbeddedNode life) => hosts[life];
}
