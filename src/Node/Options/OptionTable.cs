using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Cluster.Shared.Ids;

namespace Cluster.Node.Options;

/// <summary>Every option of the node process. What is not in this table does not exist.</summary>
internal static partial class OptionTable
{
    /// <summary>A token shorter than this can be guessed over the network.</summary>
    private const int MinTokenLength = 16;

    /// <summary>Upper bound of <c>--shards</c>: each is a Raft group with a heartbeat; beyond this the heartbeats alone fill a small machine.</summary>
    private const int MaxShards = 1024;

    /// <summary>More seeds than this is a mistake in a script, not a cluster.</summary>
    private const int MaxSeeds = 64;

    /// <summary>Thirty days: whoever wants more wants never.</summary>
    private const int MostSeconds = 30 * 24 * 3600;

    public static readonly IReadOnlyList<OptionSpec> All =
    [
        new("--name", "CLUSTER_NODE", "NAME", "n1", "This node's name: 1 to 32 of a-z, 0-9 and '-', a letter first.", (string v, ref NodeOptions o) =>
            NodeName.TryParse(v, out var name) ? Set(ref o, o with { Name = name }) : "a node name is 1 to 32 of a-z, 0-9 and '-', a letter first"),
        new("--cluster", "CLUSTER_NAME", "NAME", "lab", "The cluster to belong to; nodes of another one are refused.", (string v, ref NodeOptions o) =>
            ClusterName().IsMatch(v) ? Set(ref o, o with { Cluster = v }) : "a cluster name is 1 to 64 of letters, digits, '-', '_' and '.'"),
        new("--ip", "CLUSTER_IP", "ADDRESS", "127.0.0.1", "Address or host name that the ports listen on; 0.0.0.0 for all.", (string v, ref NodeOptions o) =>
            IsHost(v) ? Set(ref o, o with { Ip = v }) : "neither an IP address nor a host name"),
        new("--advertise", "CLUSTER_ADVERTISE", "HOST", "--ip", "Host by which others reach this node, if that is not --ip.", (string v, ref NodeOptions o) =>
            IsHost(v) && !IsAny(v) ? Set(ref o, o with { Advertise = v }) : "not a host that others could connect to"),
        new("--port", "CLUSTER_PORT", "PORT", "4053", "Remoting port, where the other nodes connect.", (string v, ref NodeOptions o) =>
            Number(v, 1, 65535, out var port) is { } wrong ? wrong : Set(ref o, o with { Port = port })),
        new("--http-port", "CLUSTER_HTTP_PORT", "PORT", "8558", "HTTP port; 0 takes a free one.", (string v, ref NodeOptions o) =>
            Number(v, 0, 65535, out var port) is { } wrong ? wrong : Set(ref o, o with { HttpPort = port })),
        new("--resp-port", "CLUSTER_RESP_PORT", "PORT", "6379", "Redis protocol port; 0 takes a free one.", (string v, ref NodeOptions o) =>
            Number(v, 0, 65535, out var port) is { } wrong ? wrong : Set(ref o, o with { RespPort = port })),
        new("--advertise-resp", "CLUSTER_ADVERTISE_RESP", "HOST:PORT", "--advertise and --resp-port", "Where Redis clients reach this node, if ports are mapped.", (string v, ref NodeOptions o) =>
            NodeAddress.TryParse(v, out var resp) && !IsAny(resp.Host) ? Set(ref o, o with { AdvertiseResp = resp }) : "not an address that clients could connect to: write host:port"),
        new("--redirect", "CLUSTER_REDIRECT", null, "off", "Send Redis clients to the node that leads a key (MOVED), as a Redis Cluster node does.", (string v, ref NodeOptions o) =>
            v is "" or "1" or "true" ? Set(ref o, o with { Redirect = true }) : v is "0" or "false" ? null : "as a variable it is 1 or 0"),
        new("--seeds", "CLUSTER_SEEDS", "HOST:PORT,...", "none: must be given", "Remoting addresses to join the cluster through; the first seeds form it.", Seeds),
        .. Federation,
        new("--data", "CLUSTER_DATA", "DIR", "data", "Directory of this node's log, snapshots and identity.", (string v, ref NodeOptions o) =>
            v.Contains('\0', StringComparison.Ordinal) ? "not a path" : Set(ref o, o with { DataDirectory = v })),
        new("--shards", "CLUSTER_SHARDS", "N", "32", "Shards of a cluster that is formed now; an existing one keeps its own.", (string v, ref NodeOptions o) =>
            Number(v, 1, MaxShards, out var shards) is { } wrong ? wrong : Set(ref o, o with { Shards = shards })),
        new("--replace-after", "CLUSTER_REPLACE_AFTER", "TIME", "5m", "Silence after which a node's replicas are built elsewhere (30s, 5m, 1h), or never; the same on all nodes.", ReplaceAfter),
        .. Databases,
        new("--lab", "CLUSTER_LAB", null, "off", "Open the admin endpoints (faults, member changes) to who has the admin token.", (string _, ref NodeOptions o) =>
            Set(ref o, o with { Lab = true })),
        .. Breaking,
        new("--admin-token-file", "CLUSTER_ADMIN_TOKEN_FILE", "FILE", "none", "File that holds the admin token, 16 characters or more.", TokenFile),
        new(null, "CLUSTER_ADMIN_TOKEN", "TOKEN", "none", "The admin token itself; no option, since a command line is for all to see.", Token),
        new("--resp-password", "CLUSTER_PASSWORD", "PASSWORD", "none", "Password that Redis clients must AUTH with.", (string v, ref NodeOptions o) =>
            Set(ref o, o with { RespPassword = v })),
        .. Security,
    ];

    /// <summary>What no single option can see is wrong. One line for each mistake.</summary>
    public static IEnumerable<string> Contradictions(NodeOptions options)
    {
        if (options.Seeds.Count == 0)
        {
            yield return $"--seeds is missing: name at least one remoting address to join through, for example --seeds {options.AdvertisedHost}:{options.Port} for a cluster that starts with this node";
        }

        if (options.Advertise is null && IsAny(options.Ip))
        {
            yield return $"--advertise is missing: --ip {options.Ip} listens everywhere, so other nodes must be told by which host to reach this one";
        }

        if (options.Lab && options.AdminToken is null)
        {
            yield return "--lab needs an admin token: give --admin-token-file FILE or set CLUSTER_ADMIN_TOKEN";
        }

        if (options is { Redirect: true, RespPort: 0, AdvertiseResp: null })
        {
            yield return "--redirect needs a --resp-port that is known before the start: clients are told it by the other nodes";
        }

        foreach (var mistake in SecurityContradictions(options).Concat(LabContradictions(options)).Concat(FederationContradictions(options)))
        {
            yield return mistake;
        }

        foreach (var (one, other, port) in SamePorts(options))
        {
            yield return $"{one} and {other} are both {port}: each needs a port of its own";
        }
    }

    private static IEnumerable<(string One, string Other, int Port)> SamePorts(NodeOptions options)
    {
        if (options.Port == options.HttpPort)
        {
            yield return ("--port", "--http-port", options.Port);
        }

        if (options.Port == options.RespPort)
        {
            yield return ("--port", "--resp-port", options.Port);
        }

        if (options.HttpPort == options.RespPort && options.HttpPort != 0)
        {
            yield return ("--http-port", "--resp-port", options.HttpPort);
        }
    }

    private static string? Seeds(string value, ref NodeOptions options)
    {
        var parts = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > MaxSeeds)
        {
            return $"give 1 to {MaxSeeds} addresses with commas between";
        }

        var seeds = new List<NodeAddress>(parts.Length);
        foreach (var part in parts)
        {
            if (!NodeAddress.TryParse(part, out var seed))
            {
                return $"'{part}' is not an address: write host:port, for example 127.0.0.1:4053";
            }

            seeds.Add(seed);
        }

        options = options with { Seeds = seeds };
        return null;
    }

    private static string? ReplaceAfter(string value, ref NodeOptions options)
    {
        if (value == "never")
        {
            return Set(ref options, options with { ReplaceAfter = null });
        }

        var unit = value.Length == 0 ? ' ' : value[^1];
        var seconds = unit switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => 0,
        };
        return seconds > 0 && int.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= MostSeconds / seconds
            ? Set(ref options, options with { ReplaceAfter = TimeSpan.FromSeconds((long)count * seconds) })
            : "not 'never' or a time from 1s to 30 days, such as 30s, 5m or 1h";
    }

    private static string? TokenFile(string path, ref NodeOptions options) => ReadSecret(path, out var token) ?? Token(token, ref options);

    private static string? Token(string value, ref NodeOptions options) => value.Length < MinTokenLength
        ? $"an admin token has {MinTokenLength} characters or more"
        : Set(ref options, options with { AdminToken = value });

    private static string? Set(ref NodeOptions options, NodeOptions changed)
    {
        options = changed;
        return null;
    }

    private static string? Number(string value, int from, int to, out int number) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= from && number <= to
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"not a whole number from {from} to {to}");

    private static bool IsHost(string value) => IPAddress.TryParse(value, out _) || Uri.CheckHostName(value) == UriHostNameType.Dns;

    private static bool IsAny(string value) => IPAddress.TryParse(value, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex ClusterName();
}
