using System.Net;
using Cluster.Node.Options;

namespace Cluster.Node.Security;

/// <summary>What anybody on the network may do with a node that listens beyond its own machine, in words for its log.</summary>
internal static class Exposure
{
    /// <summary>One line that names what is open and the options that close it; null when nothing is, or when only this machine reaches the node.</summary>
    public static string? Describe(NodeOptions options, IPAddress listens)
    {
        if (IPAddress.IsLoopback(listens))
        {
            return null;
        }

        List<string> open = [];
        Add(options.LinkCertificates is null, "join the cluster as a node (no --tls-cert)");
        Add(options.RespPassword is null, "read and write keys by the Redis protocol (no --resp-password-file)");
        Add(options.ClientToken is null, "read and write keys by HTTP (no --client-token-file)");
        Add(options is { RespPassword: not null, RespCertificates: null }, "overhear the Redis password (no --resp-tls)");
        Add(options is { HttpCertificates: null } && (options.ClientToken ?? options.AdminToken) is not null, "overhear the HTTP tokens (no --http-tls)");
        return open.Count == 0 ? null : $"this node listens on {listens}, not on loopback alone; whoever reaches it can {string.Join(", ", open)}: see docs/security.md";

        void Add(bool holds, string what)
        {
            if (holds)
            {
                open.Add(what);
            }
        }
    }
}
