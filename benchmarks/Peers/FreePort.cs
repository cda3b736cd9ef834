using System.Net;
using System.Net.Sockets;

namespace Cluster.Benchmarks.Peers;

/// <summary>A port that nobody listens on, chosen by the system. Somebody else may still be quicker.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
