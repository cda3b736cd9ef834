using System.Globalization;
using System.Text;
using Cluster.Modes.Storage;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Patterns;

namespace Cluster.Node.Resp.Commands;

/// <summary>CONFIG GET: what clients and redis-benchmark ask at connect. Read only; a node is configured on its command line.</summary>
internal static class ConfigCommands
{
    private static readonly IReadOnlyList<(string Name, Func<RespServer, string> Value)> Parameters =
    [
        ("appendfsync", _ => "always"),
        ("appendonly", _ => "yes"),
        ("bind", server => server.Node.Ip),
        ("client-output-buffer-limit", server => string.Create(
            CultureInfo.InvariantCulture,
            $"normal 0 0 0 slave 0 0 0 pubsub {server.Subscribers.Options.HardBytes} {server.Subscribers.Options.SoftBytes} {server.Subscribers.Options.SoftTime.TotalSeconds:0}")),
        ("databases", _ => (StorageContract.LastDatabase + 1).ToString(CultureInfo.InvariantCulture)),
        ("dir", server => server.Node.DataDirectory),
        ("maxclients", server => server.Options.MaxConnections.ToString(CultureInfo.InvariantCulture)),
        ("maxmemory", _ => "0"),
        ("maxmemory-policy", _ => "noeviction"),
        ("port", server => server.Node.RespPort.ToString(CultureInfo.InvariantCulture)),
        ("proto-max-bulk-len", _ => KvLimits.MaxValueBytes.ToString(CultureInfo.InvariantCulture)),
        ("replica-read-only", _ => "no"),
        ("requirepass", _ => ""), // Never told, not even to who knows it.
        ("save", _ => ""),
        ("slave-read-only", _ => "no"),
        ("tcp-keepalive", _ => "0"),
        ("timeout", _ => "0"),
    ];

    public static CommandCall Get(RespSession session, in RespArguments arguments)
    {
        var found = new List<RespValue>();
        foreach (var (name, value) in Parameters)
        {
            var bytes = Encoding.ASCII.GetBytes(name);
            for (var i = 2; i < arguments.Count; i++)
            {
                if (Glob.Matches(Encoding.ASCII.GetBytes(arguments.Text(i).ToLowerInvariant()), bytes))
                {
                    found.Add(RespValue.Bulk(name));
                    found.Add(RespValue.Bulk(value(session.Server)));
                    break;
                }
            }
        }

        return RespValue.Map(found);
    }
}
