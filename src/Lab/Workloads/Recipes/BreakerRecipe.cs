using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>Calls through the proxies of the mode <c>circuit-breaker</c>; the history has the mode's own answers.</summary>
internal sealed class BreakerRecipe : IRecipe
{
    public const string Mode = "circuit-breaker";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => session.CallAsync(request switch
    {
        { Op: "invoke", Input: [{ } kind, { } item, { } id] } => new ModeCall(Mode, kind, IsRead: kind == "get", ("to", request.Key), ("item", item), ("id", id)),
        { Op: "health", Input: [{ } kind, { } latency, { } share, { } period] } =>
            new ModeCall(Mode, "health", IsRead: false, ("to", request.Key), ("kind", kind), ("latency", latency), ("share", share), ("period", period)),
        { Op: "received", Input: [{ } from] } => new ModeCall(Mode, "received", IsRead: true, ("to", request.Key), ("from", from)),
        { Op: "proxies" } => new ModeCall(Mode, "show", IsRead: true),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    });

    /// <summary>Where the page after this one begins; null where this was the last.</summary>
    internal static string? NextOf(string? page)
    {
        using var json = JsonDocument.Parse(page ?? "{}");
        return json.RootElement.TryGetProperty("attempts", out var attempts) && attempts.GetArrayLength() is > 0 and var count
            ? (attempts[count - 1].GetProperty("seq").GetInt64() + 1).ToString(CultureInfo.InvariantCulture)
            : null;
    }
}
