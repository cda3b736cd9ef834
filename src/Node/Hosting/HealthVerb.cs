using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Node.Options;

namespace Cluster.Node.Hosting;

/// <summary>
/// <c>health</c>: asks the node that runs in this container whether it is ready, for the image's HEALTHCHECK: exit code 0 if it is, 1 if not, with the reason.
/// It runs every few seconds beside the node, so it loads nothing but a socket: no HTTP client, no host.
/// </summary>
internal static class HealthVerb
{
    /// <summary>A ready node answers in a millisecond; one that is stopped or starved takes the connection and keeps silent.</summary>
    private const int TimeoutMs = 2_000;

    /// <summary>A status line, some headers, and a reason of one sentence.</summary>
    private const int MaxAnswerBytes = 4_096;

    private const string HeadersEnd = "\r\n\r\n";

    public static int Run(Func<string, string?> environment)
    {
        var port = int.TryParse(environment("CLUSTER_HTTP_PORT"), NumberStyles.None, CultureInfo.InvariantCulture, out var named) ? named : new NodeOptions().HttpPort;
        var ip = IPAddress.TryParse(environment("CLUSTER_IP"), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? address : IPAddress.Loopback;
        try
        {
            var answer = Ask(new IPEndPoint(ip, port));
            Console.WriteLine(answer[(answer.IndexOf(HeadersEnd, StringComparison.Ordinal) + HeadersEnd.Length)..]);
            return answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? 0 : 1;
        }
        catch (SocketException nobody)
        {
            Console.WriteLine($"no answer at {ip}:{port}: {nobody.Message}");
            return 1;
        }
    }

    /// <summary>The whole answer: to HTTP 1.0 it comes in one piece, and the connection is closed behind it.</summary>
    private static string Ask(IPEndPoint door)
    {
        using var socket = new Socket(door.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendTimeout = TimeoutMs, ReceiveTimeout = TimeoutMs };
        socket.Connect(door);
        socket.Send("GET /ready HTTP/1.0\r\n\r\n"u8);
        var answer = new byte[MaxAnswerBytes];
        var length = 0;
        while (length < answer.Length && socket.Receive(answer, length, answer.Length - length, SocketFlags.None) is > 0 and var read)
        {
            length += read;
        }

        return Encoding.UTF8.GetString(answer, 0, length);
    }
}
