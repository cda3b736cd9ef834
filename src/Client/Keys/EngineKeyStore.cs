using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Cluster.Client.Nodes;
using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Slots;

namespace Cluster.Client.Keys;

/// <summary>The engine's own store, which is database 0 and <c>/kv</c>: what reads may see is its one setting.</summary>
internal sealed class EngineKeyStore(ClusterTarget cluster, string? node) : IKeyStore
{
    private const string Consistency = "consistency";

    public Task<JsonNode> AskAsync(string operation, IReadOnlyList<(string Name, string? Value)> arguments, CancellationToken cancellation)
    {
        var given = arguments.Where(argument => argument.Value is not null).ToDictionary(argument => argument.Name, argument => argument.Value!);
        var key = given.GetValueOrDefault("key") ?? "";
        var isRead = operation is "get" or "scan" or "where";
        string[] known = ["key", "value", "expected", "prefix", "after", "limit", .. operation is "get" or "scan" ? new[] { Consistency } : []];
        if (given.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new UsageException($"the engine's own store takes no {unknown} with {operation}: name a storage mode by --mode");
        }

        if (key is "." or "..")
        {
            throw new UsageException($"the key '{key}' cannot stand in a path of HTTP, where it means a place: use a Redis client ('lab redis GET {key}')");
        }

        return ModeCaller.AskAsync<JsonNode>(cluster, node, isRead, async api => operation switch
        {
            "get" => await GetAsync(api, key, given.GetValueOrDefault(Consistency), cancellation).ConfigureAwait(false),
            "put" => new JsonObject { ["key"] = key, ["version"] = await api.WriteKeyAsync(key, given["value"], cancellation).ConfigureAwait(false) },
            "delete" => new JsonObject { ["key"] = key, ["replaced"] = await api.DeleteKeyAsync(key, cancellation).ConfigureAwait(false) },
            "cas" => await api.CompareAndSetAsync(key, given.GetValueOrDefault("expected"), given["value"], cancellation).ConfigureAwait(false)
                ? new JsonObject { ["key"] = key }
                : throw new LabException($"another value stands at {key}: nothing was written"),
            "scan" => await ScanAsync(api, given, cancellation).ConfigureAwait(false),
            _ => Where(key, await api.GetClusterAsync(cancellation).ConfigureAwait(false)),
        }, cancellation);
    }

    private static async Task<JsonNode> GetAsync(NodeApi api, string key, string? consistency, CancellationToken cancellation)
    {
        var (value, version) = await api.ReadKeyAsync(key, consistency, cancellation).ConfigureAwait(false);
        return new JsonObject { ["key"] = key, ["value"] = value, ["version"] = version };
    }

    private static async Task<JsonNode> ScanAsync(NodeApi api, Dictionary<string, string> given, CancellationToken cancellation)
    {
        var page = await api.ScanKeysAsync(
            given.GetValueOrDefault("prefix") ?? "", given.GetValueOrDefault("after"), int.Parse(given.GetValueOrDefault("limit") ?? "100", CultureInfo.InvariantCulture), given.GetValueOrDefault(Consistency), cancellation).ConfigureAwait(false);
        var keys = new JsonArray([.. page.Entries.Select(entry => new JsonObject { ["key"] = entry.Key, ["version"] = entry.Revision.ToString(CultureInfo.InvariantCulture) })]);
        return new JsonObject { ["keys"] = keys, ["hasMore"] = page.Next is not null };
    }

    /// <summary>The shard of the key's hash slot: its leader decides, its voters have it. As the asked node sees it.</summary>
    private static JsonNode Where(string key, Shared.Http.ClusterView cluster)
    {
        var slot = HashSlot.Of(Encoding.UTF8.GetBytes(key));
        var shard = cluster.Shards.FirstOrDefault(shard => shard.FirstSlot <= slot && slot <= shard.LastSlot) ?? throw new LabException($"the node does not know yet which shard has slot {slot}");
        var replicas = shard.Voters.Select(name => (Name: name, State: name == shard.Leader ? "leader" : "follower")).Concat(shard.Learners.Select(name => (Name: name, State: "learner")));
        return new JsonObject
        {
            ["key"] = key,
            ["owner"] = shard.Leader,
            ["place"] = string.Create(CultureInfo.InvariantCulture, $"hash slot {slot}, shard {shard.Shard}"),
            ["replicas"] = new JsonArray([.. replicas.Select(replica => new JsonObject { ["node"] = replica.Name, ["state"] = replica.State })]),
        };
    }
}
