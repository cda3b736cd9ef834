using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Cluster.Engine.Port;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>INFO and TIME: the node in Redis's words.</summary>
internal static class ServerCommands
{
    /// <summary>The Redis version whose replies these are; client libraries decide by it what they may use.</summary>
    public const string RedisVersion = "7.0.15";

    private static readonly IReadOnlyList<(string Name, bool ByDefault, Action<StringBuilder, RespServer> Write)> Sections =
    [
        ("Server", true, Server),
        ("Clients", true, Clients),
        ("Memory", true, Memory),
        ("Persistence", true, Persistence),
        ("Stats", true, Stats),
        ("Replication", true, Replication),
        ("CPU", true, Cpu),
        ("Modules", true, static (_, _) => { }),
        ("Commandstats", false, CommandStats),
        ("Cluster", true, Cluster),
    ];

    /// <summary>What clients take the node for: one server, unless it sends them elsewhere.</summary>
    public static string Mode(RespServer server) => server.Redirects is null ? "standalone" : "cluster";

    public static CommandCall Time(RespSession session, in RespArguments arguments)
    {
        var now = session.Server.Time.GetUtcNow();
        var micros = now.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond;
        return RespValue.Array(
            RespValue.Bulk(now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)), RespValue.Bulk(micros.ToString(CultureInfo.InvariantCulture)));
    }

    public static CommandCall Info(RespSession session, in RespArguments arguments)
    {
        var asked = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 1; i < arguments.Count; i++)
        {
            asked.Add(arguments.Text(i));
        }

        var all = asked.Contains("all") || asked.Contains("everything");
        var byDefault = asked.Count == 0 || asked.Contains("default");
        var text = new StringBuilder();
        foreach (var (name, isDefault, write) in Sections)
        {
            if (all || asked.Contains(name) || (byDefault && isDefault))
            {
                Begin(text, name);
                write(text, session.Server);
            }
        }

        if (!all && !byDefault && !asked.Contains("keyspace"))
        {
            return RespValue.Verbatim(text.ToString());
        }

        // Who asks for nothing else wants to know, as with DBSIZE; among the rest, which clients ask for as they connect, it must not wait for a shard without a leader.
        var consistency = asked.Count == 1 && asked.Contains("keyspace") ? session.Consistency : ReadConsistency.Stale;
        return CommandCall.Later(async cancellation =>
        {
            Begin(text, "Keyspace");
            await KeyspaceAsync(session, consistency, text, cancellation).ConfigureAwait(false);
            return RespValue.Verbatim(text.ToString());
        });
    }

    private static void Begin(StringBuilder text, string section) => text.Append(text.Length > 0 ? "\r\n" : "").Append("# ").Append(section).Append("\r\n");

    private static void Server(StringBuilder text, RespServer server)
    {
        Line(text, "redis_version", RedisVersion);
        Line(text, "cluster_lab_version", typeof(ServerCommands).Assembly.GetName().Version!.ToString(3));
        Line(text, "cluster_lab_cluster", server.Node.Cluster);
        Line(text, "cluster_lab_node", server.Node.Name.ToString());
        Line(text, "redis_mode", Mode(server));
        Line(text, "os", RuntimeInformation.OSDescription);
        Line(text, "arch_bits", 64);
        Line(text, "process_id", Environment.ProcessId);
        Line(text, "run_id", server.RunId);
        Line(text, "tcp_port", server.Node.RespPort);
        var uptime = server.Time.GetElapsedTime(server.StartedAt);
        Line(text, "uptime_in_seconds", (long)uptime.TotalSeconds);
        Line(text, "uptime_in_days", (long)uptime.TotalDays);
    }

    private static void Clients(StringBuilder text, RespServer server)
    {
        Line(text, "connected_clients", server.Sessions.Count);
        Line(text, "maxclients", server.Options.MaxConnections);
        Line(text, "blocked_clients", 0);
    }

    private static void Memory(StringBuilder text, RespServer server)
    {
        var used = GC.GetTotalMemory(forceFullCollection: false);
        Line(text, "used_memory", used);
        Line(text, "used_memory_human", string.Create(CultureInfo.InvariantCulture, $"{used / 1048576.0:0.00}M"));
        Line(text, "used_memory_rss", Environment.WorkingSet);
        Line(text, "maxmemory", 0);
        Line(text, "maxmemory_policy", "noeviction");
    }

    private static void Stats(StringBuilder text, RespServer server)
    {
        Line(text, "total_connections_received", server.ConnectionsReceived);
        Line(text, "total_commands_processed", CommandTable.Everything.Sum(server.Calls));
        Line(text, "rejected_connections", server.ConnectionsRejected);
        Line(text, "pubsub_channels", server.PubSub.CountNames(TopicKind.Topic));
        Line(text, "pubsub_patterns", server.PubSub.CountNames(TopicKind.Pattern));
        Line(text, "pubsubshard_channels", server.PubSub.CountNames(TopicKind.Sharded));
    }

    private static void Persistence(StringBuilder text, RespServer server)
    {
        Line(text, "loading", 0);
        Line(text, "aof_enabled", 1);
        Line(text, "aof_last_write_status", "ok");
        Line(text, "rdb_bgsave_in_progress", 0);
    }

    private static void Replication(StringBuilder text, RespServer server)
    {
        Line(text, "role", "master");
        Line(text, "connected_slaves", 0);
        Line(text, "master_replid", server.RunId);
    }

    private static void Cluster(StringBuilder text, RespServer server)
    {
        Line(text, "cluster_enabled", server.Redirects is null ? 0 : 1);
        Line(text, "cluster_lab_shards", server.Store.ShardCount);
    }

    private static void Cpu(StringBuilder text, RespServer server)
    {
        var usage = Environment.CpuUsage;
        Line(text, "used_cpu_sys", usage.PrivilegedTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
        Line(text, "used_cpu_user", usage.UserTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture));
    }

    private static void CommandStats(StringBuilder text, RespServer server)
    {
        foreach (var spec in CommandTable.Everything)
        {
            if (server.Calls(spec) is > 0 and var calls)
            {
                Line(text, "cmdstat_" + spec.Name, string.Create(CultureInfo.InvariantCulture, $"calls={calls}"));
            }
        }
    }

    /// <summary>Key counts as far as the shards answer: INFO must not fail because one does not. How many keys expire is not counted anywhere: told as 0.</summary>
    private static async Task KeyspaceAsync(RespSession session, ReadConsistency consistency, StringBuilder text, CancellationToken cancellation)
    {
        var pending = new Task<KvResult>[session.Server.Store.ShardCount];
        for (var i = 0; i < pending.Length; i++)
        {
            pending[i] = session.ExecuteOnShardAsync(i, new KvCommand { Op = KvOp.Count }, consistency, cancellation);
        }

        var keys = 0L;
        foreach (var shard in pending)
        {
            keys += (await shard.ConfigureAwait(false)).Reply?.Number ?? 0;
        }

        if (keys > 0)
        {
            Line(text, "db0", string.Create(CultureInfo.InvariantCulture, $"keys={keys},expires=0,avg_ttl=0"));
        }
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(':').Append(value).Append("\r\n");

    private static void Line(StringBuilder text, string name, long value) => Line(text, name, value.ToString(CultureInfo.InvariantCulture));
}
