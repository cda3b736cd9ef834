using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// CLUSTER: answered as a Redis without cluster support answers, since every node here serves every key: a cluster-aware client then treats the node as a
/// single server, which is right.
/// </summary>
internal static class ClusterCommands
{
    public static readonly CommandSpec Container = CommandSpec.Keyless("cluster", -2, CommandFlags.Stale, "cluster", "3.0.0",
        "Not needed: every node serves every key.", (RespSession _, in RespArguments _) => CommandCall.Error("ERR This instance has cluster support disabled"));
}
