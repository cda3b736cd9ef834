using Cluster.Lab.Resp;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>Which error replies of a Redis server say that a command certainly had no effect. Of any other error nothing can be concluded.</summary>
internal static class Refusals
{
    /// <summary>First words, Redis's own and this cluster's.</summary>
    private static readonly HashSet<string> Codes =
    [
        "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "CROSSSLOT", "LOADING", "READONLY", "WRONGTYPE", "NOAUTH", "NOPERM", "MISCONF", "OOM", "BUSY", "EXECABORT",
    ];

    /// <summary>Of errors that have no code of their own: the value that stands there forbids the command.</summary>
    private static readonly HashSet<string> Texts =
    [
        "ERR value is not an integer or out of range", "ERR increment or decrement would overflow", "ERR string exceeds maximum allowed size",
    ];

    public static bool HadNoEffect(RespValue error) => Codes.Contains(error.ErrorCode) || Texts.Contains(error.Text!);
}
