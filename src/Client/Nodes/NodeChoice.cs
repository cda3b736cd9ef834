using Cluster.Lab.Processes;
using Cluster.Lab.Targets;

namespace Cluster.Client.Nodes;

/// <summary>Turns names that a user typed into nodes of the cluster.</summary>
internal static class NodeChoice
{
    /// <summary>The cluster of local processes in that directory, for what only such a cluster can do.</summary>
    public static LocalCluster Open(string directory) => LocalCluster.Open(directory, TimeProvider.System);

    /// <exception cref="UsageException">There is no such node; the message names those that are.</exception>
    public static string Check(ClusterTarget cluster, string name)
    {
        if (cluster.NodeNames.Contains(name))
        {
            return name;
        }

        var suggestion = Suggestion.For(name, cluster.NodeNames);
        throw new UsageException($"there is no node '{name}'{Suggestion.Words(suggestion)} (nodes: {string.Join(", ", cluster.NodeNames)})");
    }

    /// <summary>For what can be done to any process: the database that the nodes share counts as well, where there is one.</summary>
    /// <exception cref="UsageException">There is no such process; the message names those that are.</exception>
    public static IReadOnlyList<string> CheckProcesses(ClusterTarget cluster, IEnumerable<string> names) =>
        [.. names.Distinct().Select(name => name == ClusterTarget.DatabaseName && cluster.Database is not null ? name : Check(cluster, name))];

    public static IReadOnlyList<string> Check(ClusterTarget cluster, IEnumerable<string> names) => [.. names.Distinct().Select(name => Check(cluster, name))];
}
