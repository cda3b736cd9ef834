using System.Globalization;

namespace Cluster.Shared.Layouts;

/// <summary>
/// How numbered nodes are divided into clusters: n1, n2, ... in their order, as evenly as it goes, the earlier clusters the larger ones. The same for processes, the simulator and the schedule of faults. A node's name
/// is its own among all clusters, so that a fault between two nodes needs no more than their names.
/// </summary>
/// <param name="Name">Of the one cluster, where there is one.</param>
/// <param name="Count">Nodes in all.</param>
/// <param name="Clusters">1 to <see cref="MostClusters"/>, and no more than nodes.</param>
public sealed record ClusterLayout(string Name, int Count, int Clusters)
{
    /// <summary>As many as have a name here.</summary>
    public const int MostClusters = 4;

    private static readonly string[] Regions = ["east", "west", "north", "south"];

    /// <summary>The clusters' names, in order: several are named for the regions that they stand in.</summary>
    public IReadOnlyList<string> Names => Clusters == 1 ? [Name] : Regions[..Clusters];

    /// <summary>The names of each cluster's nodes.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Nodes => [.. Enumerable.Range(0, Clusters).Select(cluster => (IReadOnlyList<string>)[.. NumbersOf(cluster).Select(NodeName)])];

    /// <summary>Node 1 is n1, and so on.</summary>
    public static string NodeName(int number) => "n" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The cluster of a node, from 0; of a node that was added later, the last.</summary>
    public int ClusterOf(int number) => Math.Min(Clusters - 1, (number - 1) * Clusters / Count);

    /// <summary>The numbers of a cluster's nodes, from 1.</summary>
    public IReadOnlyList<int> NumbersOf(int cluster) => [.. Enumerable.Range(1, Count).Where(number => ClusterOf(number) == cluster)];
}
