using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// CLUSTER: answered as a Redis without cluster support answers, since every node here serves every key: a cluster-aware client then treats the node as a
/// single server, which is right.
/// </summary>
internal static class ClusterCommands
{
    public static CommandCall Disabled(RespSession session, in RespArguments arguments) => CommandCall.Error("ERR This instance has cluster support disabled");
}
