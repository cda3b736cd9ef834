using Cluster.Lab.Targets;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Words that stand for nodes in a schedule, filled when the fault begins.</summary>
public static class FaultRole
{
    /// <summary>Any one node.</summary>
    public const string One = "one";

    /// <summary>The node that leads most shards.</summary>
    public const string Leader = "leader";

    /// <summary>The largest number of nodes that the others can do without.</summary>
    public const string Minority = "minority";

    /// <summary>The smallest number of nodes without which the others can do nothing.</summary>
    public const string Majority = "majority";

    public const string All = "all";

    /// <summary>With a singleton's name behind it: the node that this singleton is placed on.</summary>
    public const string Singleton = "singleton:";

    /// <summary>Every node of one cluster, where there are several.</summary>
    public const string Cluster = "cluster";

    /// <summary>What lies between clusters: the links from a node of one to a node of another, and no others.</summary>
    public const string Wan = "wan";

    /// <summary>No node: the database that all of them use.</summary>
    public const string Database = ClusterTarget.DatabaseName;

    public static readonly IReadOnlyList<string> Known = [One, Leader, Minority, Majority, All, Cluster, Wan, Database];

    /// <summary>What can be done to a database: whatever strikes its processes from outside.</summary>
    private static readonly FaultType[] OfDatabase = [FaultType.Kill, FaultType.Restart, FaultType.Pause];

    /// <exception cref="FormatException">The fault is none for its target.</exception>
    public static void Check(PlannedFault fault)
    {
        if (fault.Target == Database && !OfDatabase.Contains(fault.Kind))
        {
            throw new FormatException($"{ScheduleNames.Of(fault.Kind)} cannot strike the database; {string.Join(", ", OfDatabase.Select(ScheduleNames.Of))} can");
        }
    }

    /// <summary>Whether the role is one that the cluster fills: it has to be asked who that is.</summary>
    public static bool IsOffice(string target) => target == Leader || target.StartsWith(Singleton, StringComparison.Ordinal);

    /// <summary>Nodes for the target of a fault, in the order of the cluster.</summary>
    /// <param name="clusters">Which of the nodes form which cluster.</param>
    /// <param name="holder">Who holds the office now, where the role is one; null when nobody knows, and then anybody stands for it.</param>
    /// <param name="isUp">Nodes that are not are chosen last: what is down already cannot be struck.</param>
    /// <param name="random">Chooses among nodes that the role does not tell apart.</param>
    public static IReadOnlyList<string> Fill(string target, IReadOnlyList<string> nodes, IReadOnlyList<IReadOnlyList<string>> clusters, string? holder, Func<string, bool> isUp, Random random)
    {
        // Always as many draws for one target: who leads must not change what the seed chooses afterwards.
        var drawn = nodes.ToArray();
        random.Shuffle(drawn);
        var shuffled = drawn.OrderBy(node => isUp(node) ? 0 : 1).ToArray();
        IReadOnlyList<string> chosen = target switch
        {
            One => shuffled[..1],
            _ when IsOffice(target) => [holder ?? shuffled[0]],
            Minority => shuffled[..((nodes.Count - 1) / 2)],
            Majority => shuffled[..((nodes.Count / 2) + 1)],
            All => nodes,
            Cluster => clusters.First(cluster => cluster.Contains(shuffled[0])),
            Wan => clusters.Count > 1 ? nodes : [],
            _ => target.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        return target == Database ? [Database] : [.. nodes.Where(chosen.Contains)];
    }
}
