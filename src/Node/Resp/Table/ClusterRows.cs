using Cluster.Node.Resp.Commands;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's commands on the cluster.</summary>
internal static class ClusterRows
{
    public static readonly IReadOnlyList<CommandSpec> All = CommandRows.InGroup("cluster", CommandCategories.None,
    [
        new("cluster", -2, Stale, "3.0.0", "O(1)", "Not needed: every node serves every key.", ClusterCommands.Disabled) { Syntax = "subcommand [arg...]" },
    ]);
}
