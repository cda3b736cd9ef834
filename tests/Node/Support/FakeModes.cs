using System.Text.Json;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Node.Tests.Support;

/// <summary>Modes that answer every request with its own words; or, once <see cref="KeepsKeys"/>, as one storage mode would that keeps each mode's keys in a dictionary.</summary>
internal sealed class FakeModes : IModeDoors
{
    private readonly SortedDictionary<(string Mode, string Key), (string Value, int Version)> keys = new(Comparer<(string, string)>.Create(static (one, other) => string.CompareOrdinal(one.Item1 + "\0" + one.Item2, other.Item1 + "\0" + other.Item2)));
    private readonly Lock gate = new();
    private int tokens;

    public bool KeepsKeys { get; set; }

    /// <summary>Every answer has a token: t1, t2, ...</summary>
    public bool TellsTokens { get; set; }

    /// <summary>What it was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Runs before a request is answered; what it gives is the answer.</summary>
    public Func<ModeRequest, Task<ClusterError?>> Before { get; set; } = static _ => Task.FromResult<ClusterError?>(null);

    public async Task<ModeAnswer> AskAsync(string mode, ModeRequest request, bool isRead, TimeSpan patience, CancellationToken cancellation)
    {
        lock (gate)
        {
            Asked.Add($"{mode}: {request}");
        }

        if (await Before(request) is { } error)
        {
            return ModeAnswer.Failed(error);
        }

        if (!KeepsKeys)
        {
            return Json($"{mode}: {request}");
        }

        lock (gate)
        {
            return Serve(mode, request);
        }
    }

    private static ModeAnswer Json(object answer) => new(JsonSerializer.SerializeToUtf8Bytes(answer), null);

    private string? Token() => TellsTokens ? $"t{++tokens}" : null;

    private ModeAnswer Serve(string mode, ModeRequest request)
    {
        if (request.Operation == "scan")
        {
            var after = request.Find("after") ?? "";
            var found = keys.Where(entry => entry.Key.Mode == mode && entry.Key.Key.StartsWith(request.Find("prefix") ?? "", StringComparison.Ordinal) && string.CompareOrdinal(entry.Key.Key, after) > 0).ToList();
            var page = found.Take((int)request.Number("limit")).Select(entry => new { key = entry.Key.Key, value = entry.Value.Value }).ToList();
            return Json(new { keys = page, hasMore = page.Count < found.Count });
        }

        var at = (mode, request.Text("key"));
        var stands = keys.TryGetValue(at, out var entry);
        switch (request.Operation)
        {
            case "get":
                return Json(new { key = at.Item2, value = stands ? entry.Value : null, version = stands ? $"{entry.Version}" : null, from = "n1", token = Token() });
            case "cas" when request.Find("expected") != (stands ? entry.Value : null):
                return ModeAnswer.Conflict("another value stands there");
            case "delete":
                keys.Remove(at);
                return Json(new { key = at.Item2, replaced = stands, token = Token() });
            default:
                keys[at] = (request.Text("value"), entry.Version + 1);
                return Json(new { key = at.Item2, version = $"{entry.Version + 1}", replaced = stands, token = Token() });
        }
    }
}
