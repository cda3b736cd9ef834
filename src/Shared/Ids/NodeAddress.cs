using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Cluster.Shared.Ids;

/// <summary>Where a node's remoting listens: a host name or IP address, and a TCP port from 1 to 65,535. Written <c>host:port</c>, IPv6 in brackets.</summary>
public readonly record struct NodeAddress(string Host, int Port)
{
    /// <exception cref="FormatException">The text is not <c>host:port</c>.</exception>
    public static NodeAddress Parse(string text) => TryParse(text, out var address)
        ? address
        : throw new FormatException($"'{text}' is not an address: write host:port, for example 127.0.0.1:4053");

    public static bool TryParse([NotNullWhen(true)] string? text, out NodeAddress address)
    {
        address = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return false;
        }

        var host = text![..colon].Trim('[', ']');
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown && !IPAddress.TryParse(host, out _))
        {
            return false;
        }

        address = new NodeAddress(host, port);
        return true;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
