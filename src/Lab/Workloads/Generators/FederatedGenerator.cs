using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Layouts;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// A client of the mode <c>federated</c>, which writes and reads keys of every region at their homes, looks at its own cluster's copies, and now and then is the operator: it asks its node how the regions stand, moves the home
/// of one whose home has been silent for too long, and moves home what is back.
/// </summary>
internal sealed class FederatedGenerator(WorkloadOptions options, int client, int keys) : IGenerator
{
    /// <summary>The name under which the history has what is about no key.</summary>
    public const string All = "regions";

    /// <summary>How long an operator waits before giving a cluster up: a leader's election there, and some patience.</summary>
    private const double SilenceMs = 2_500;

    /// <summary>A cluster that was heard this short ago is back.</summary>
    private const double HeardMs = 900;

    private const int OperatorPercent = 6;

    private static readonly IReadOnlyList<string> Regions = new ClusterLayout("", 2, 2).Names;

    private readonly Random random = new(unchecked((options.Seed * 7919) + client));
    private readonly Queue<Request> decided = new();
    private readonly Dictionary<string, string?> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private int written;

    public IEnumerable<string> Keys => used;

    public Request Next()
    {
        if (decided.TryDequeue(out var order))
        {
            return order;
        }

        if (random.Next(100) < OperatorPercent)
        {
            return new Request("regions", All);
        }

        var key = string.Create(CultureInfo.InvariantCulture, $"{Regions[random.Next(Regions.Count)]}:{options.KeyPrefix}k{random.Next(keys)}");
        used.Add(key);
        return random.Next(100) switch
        {
            < 30 => new Request("get", key),
            < 50 => new Request("peek", key),
            < 86 => new Request("put", key, NextValue()),
            < 96 => new Request("cas", key, seen.GetValueOrDefault(key), NextValue()),
            _ => new Request("delete", key),
        };
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (answer.Outcome != Outcome.Ok)
        {
            return;
        }

        switch (request.Op)
        {
            case "get":
                seen[request.Key] = answer.Output![(answer.Output!.IndexOf('=', StringComparison.Ordinal) + 1)..] is { Length: > 0 } value ? value : null;
                break;
            case "put" or "cas":
                seen[request.Key] = request.Input[^1];
                break;
            case "delete":
                seen[request.Key] = null;
                break;
            case "regions":
                Decide(answer.Output!);
                break;
        }
    }

    /// <summary>The rule that an operator goes by. It is not the mode's: of two clusters none can know by itself that the other is dead.</summary>
    private void Decide(string output)
    {
        using var json = JsonDocument.Parse(output);
        var here = json.RootElement.GetProperty("here").GetString()!;
        var silence = json.RootElement.GetProperty("silentMs").EnumerateObject().ToDictionary(other => other.Name, other => other.Value.ValueKind == JsonValueKind.Null ? (double?)null : other.Value.GetDouble(), StringComparer.Ordinal);
        foreach (var region in json.RootElement.GetProperty("groups").EnumerateArray().GroupBy(group => group.GetProperty("region").GetString()!, StringComparer.Ordinal))
        {
            var homes = region.Select(group => group.GetProperty("home").GetString()!).ToHashSet(StringComparer.Ordinal);
            if (homes.Any(home => home != here && silence.GetValueOrDefault(home) > SilenceMs))
            {
                decided.Enqueue(new Request("failover", region.Key, here));
            }
            else if (region.Key != here && homes.Contains(here) && silence.GetValueOrDefault(region.Key) < HeardMs && region.All(group => !group.TryGetProperty("movesTo", out _)))
            {
                decided.Enqueue(new Request("home", region.Key));
            }
        }
    }

    private string NextValue() => string.Create(CultureInfo.InvariantCulture, $"c{client}-{++written}");
}
