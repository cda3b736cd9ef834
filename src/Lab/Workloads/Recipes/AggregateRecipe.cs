using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The mode <c>cqrs</c>: command [verb, id, expected version, customer, item, amount] gives <c>VERSION TOKEN</c>; look [token] gives <c>VERSION STATUS</c>; history gives [[what happened, command], ...]; view gives
/// <c>GENERATION ROWS</c> once nothing is behind, rebuilt [generation] the same as <c>rebuilt ROWS</c> of a newer one; rebuild, pause and resume are done to a projection.
/// </summary>
internal sealed class AggregateRecipe : IRecipe
{
    private const string Mode = "cqrs";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "command", Input: [{ } verb, { } id, var expect, { } customer, { } item, { } amount] } => CommandAsync(
            session, ("id", request.Key), ("verb", verb), ("command", id), ("expect", expect), ("customer", customer), ("item", item), ("amount", amount)),
        { Op: "look", Input: [var token] } => LookAsync(session, request.Key, token),
        { Op: "history" } => HistoryAsync(session, request.Key),
        { Op: "view" } => ViewAsync(session, request.Key, after: null),
        { Op: "rebuilt", Input: [{ } generation] } => ViewAsync(session, request.Key, after: long.Parse(generation, CultureInfo.InvariantCulture)),
        { Op: "rebuild" or "pause" or "resume" } => ChangeAsync(session, request.Op, request.Key),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static async Task<StoreAnswer> CommandAsync(IClientSession session, params IReadOnlyList<(string, string?)> arguments) => Told(
        await CallAsync(session, "command", isRead: false, arguments).ConfigureAwait(false),
        json => $"{json.GetProperty("version").GetInt64()} {json.GetProperty("token").GetString()}");

    private static async Task<StoreAnswer> LookAsync(IClientSession session, string order, string? token) => Told(
        await CallAsync(session, "order", isRead: true, ("id", order), ("token", token)).ConfigureAwait(false),
        json => $"{json.GetProperty("version").GetInt64()} {json.GetProperty("status").GetString()}");

    /// <summary>An order that nothing has happened to has an empty history.</summary>
    private static async Task<StoreAnswer> HistoryAsync(IClientSession session, string order)
    {
        var answer = await CallAsync(session, "history", isRead: true, ("id", order)).ConfigureAwait(false);
        return answer.IsConflict ? StoreAnswer.Ok("[]") : Told(answer, json => JsonSerializer.Serialize(
            json.GetProperty("events").EnumerateArray().Select(happened => new[] { happened.GetProperty("happened").GetString()!, happened.GetProperty("command").GetString()! }).ToArray(), AggregateJson.Default.StringArrayArray));
    }

    /// <param name="after">Null for whatever answers; else one that was built after this generation, which is asked for where it is not under way.</param>
    private static async Task<StoreAnswer> ViewAsync(IClientSession session, string key, long? after)
    {
        var projection = ProjectionOf(key);
        if (await PageAsync(session, projection, row: null).ConfigureAwait(false) is not { } page)
        {
            return StoreAnswer.Fail;
        }

        var generation = GenerationOf(page);
        if (IsBehind(page) || generation <= after)
        {
            await CallAsync(session, "resume", isRead: false, ("projection", projection)).ConfigureAwait(false); // Somebody may have left it held.
            if (!IsBehind(page))
            {
                await CallAsync(session, "rebuild", isRead: false, ("projection", projection)).ConfigureAwait(false);
            }

            return StoreAnswer.Fail;
        }

        // Of this run only: the cluster may have had others.
        var prefix = key[..(key.LastIndexOf(':') + 1)];
        var rows = new List<string>(RowsOf(page, prefix));
        while (page.TryGetProperty("next", out var next))
        {
            if (await PageAsync(session, projection, next.GetString()).ConfigureAwait(false) is not { } more || IsBehind(more) || GenerationOf(more) != generation)
            {
                return StoreAnswer.Fail; // Pages of two moments.
            }

            page = more;
            rows.AddRange(RowsOf(page, prefix));
        }

        return StoreAnswer.Ok($"{(after is null ? generation.ToString(CultureInfo.InvariantCulture) : "rebuilt")} {{{string.Join(',', rows)}}}");
    }

    /// <param name="row">The page begins after it; null for the first.</param>
    private static async Task<JsonElement?> PageAsync(IClientSession session, string projection, string? row)
    {
        var answer = await CallAsync(session, "view", isRead: true, ("projection", projection), ("after", row)).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return null;
        }

        using var told = JsonDocument.Parse(json);
        return told.RootElement.Clone();
    }

    private static IEnumerable<string> RowsOf(JsonElement page, string prefix) => page.GetProperty("rows").EnumerateObject()
        .Where(row => row.Name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(row => $"{JsonSerializer.Serialize(row.Name, AggregateJson.Default.String)}:{row.Value.GetRawText()}");

    private static long GenerationOf(JsonElement page) => page.GetProperty("generation").GetInt64();

    private static bool IsBehind(JsonElement page) => page.GetProperty("lag").GetInt64() > 0;

    private static async Task<StoreAnswer> ChangeAsync(IClientSession session, string operation, string key)
    {
        var answer = await CallAsync(session, operation, isRead: false, ("projection", ProjectionOf(key))).ConfigureAwait(false);
        return answer.Outcome == Outcome.Ok ? StoreAnswer.Ok() : answer;
    }

    private static string ProjectionOf(string key) => key[(key.LastIndexOf('-') + 1)..];

    private static StoreAnswer Told(in StoreAnswer answer, Func<JsonElement, string> read)
    {
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var told = JsonDocument.Parse(json);
        return StoreAnswer.Ok(read(told.RootElement));
    }

    private static Task<StoreAnswer> CallAsync(IClientSession session, string operation, bool isRead, params IReadOnlyList<(string, string?)> arguments) =>
        LogTopic.CallAsync(session, new ModeCall(Mode, operation, isRead, arguments));
}
