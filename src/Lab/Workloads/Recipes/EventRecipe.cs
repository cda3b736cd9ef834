using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The mode <c>event-driven</c>: publish [id, fails] gives the offset; effects, and handled once nothing is under way, give the ids that had their effect, in its order; dead gives the ids of dead letters; redrive
/// sends one of them again, and gives its id.
/// </summary>
internal sealed class EventRecipe : IRecipe
{
    private const string Mode = "event-driven";

    private const string Type = "lab-happened";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "subscribe" } => SubscribeAsync(session, request.Key),
        { Op: "publish", Input: [{ } id, { } fails] } => PublishAsync(session, request.Key, id, fails),
        { Op: "effects" } => EffectsAsync(session, request.Key),
        { Op: "handled" } => DrainedAsync(session, request.Key, () => EffectsAsync(session, request.Key)),
        { Op: "dead" } => DrainedAsync(session, request.Key, () => DeadAsync(session, request.Key)),
        { Op: "redrive" } => RedriveAsync(session, request.Key),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static async Task<StoreAnswer> SubscribeAsync(IClientSession session, string key)
    {
        foreach (var (operation, arguments) in new (string, (string, string?)[])[]
        {
            ("register", [("type", Type), ("version", "1"), ("fields", "amount:number")]),
            ("register", [("type", Type), ("version", "2"), ("fields", "amount:number,currency:text=EUR")]),
            ("subscribe", [Subscription(key)]),
        })
        {
            if (await CallAsync(session, operation, isRead: false, arguments).ConfigureAwait(false) is { Outcome: not Outcome.Ok } no)
            {
                return no;
            }
        }

        return StoreAnswer.Ok();
    }

    /// <summary>In the older version and in the newer one, which consumers meet side by side.</summary>
    private static async Task<StoreAnswer> PublishAsync(IClientSession session, string key, string id, string fails)
    {
        var isOld = id[^1] % 2 == 0;
        var answer = await CallAsync(
            session,
            "publish",
            isRead: false,
            ("type", Type),
            ("version", isOld ? "1" : "2"),
            ("key", key),
            ("id", id),
            ("fails", fails),
            ("data", isOld ? "{\"amount\":1}" : "{\"amount\":1,\"currency\":\"CHF\"}")).ConfigureAwait(false);
        return Told(answer, json => json.GetProperty("offset").GetInt64().ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<StoreAnswer> EffectsAsync(IClientSession session, string key) =>
        Told(await CallAsync(session, "effects", isRead: true, Subscription(key), ("key", key)).ConfigureAwait(false), json => Ids(json.GetProperty("handled").EnumerateArray()));

    private static async Task<StoreAnswer> DeadAsync(IClientSession session, string key) => Told(
        await CallAsync(session, "dead-letters", isRead: true, Subscription(key)).ConfigureAwait(false),
        json => Ids(json.GetProperty("deadLetters").EnumerateArray().Select(letter => letter.GetProperty("event").GetProperty("id"))));

    private static async Task<StoreAnswer> RedriveAsync(IClientSession session, string key)
    {
        var listed = await CallAsync(session, "dead-letters", isRead: true, Subscription(key)).ConfigureAwait(false);
        if (listed is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return StoreAnswer.Fail;
        }

        using var told = JsonDocument.Parse(json);
        if (told.RootElement.GetProperty("deadLetters") is var letters && letters.GetArrayLength() == 0)
        {
            return StoreAnswer.Ok();
        }

        var first = letters[0];
        var id = first.GetProperty("event").GetProperty("id").GetString();
        var answer = await CallAsync(
            session,
            "redrive",
            isRead: false,
            Subscription(key),
            ("partition", first.GetProperty("partition").GetRawText()),
            ("offset", first.GetProperty("offset").GetRawText())).ConfigureAwait(false);
        return answer.Outcome == Outcome.Ok ? StoreAnswer.Ok(id) : answer;
    }

    /// <summary>Answered once the subscription has been through all events.</summary>
    private static async Task<StoreAnswer> DrainedAsync(IClientSession session, string key, Func<Task<StoreAnswer>> read)
    {
        var answer = await CallAsync(session, "subscription", isRead: true, Subscription(key)).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return StoreAnswer.Fail;
        }

        using var told = JsonDocument.Parse(json);
        return told.RootElement.GetProperty("lag").GetInt64() == 0 ? await read().ConfigureAwait(false) : StoreAnswer.Fail;
    }

    private static StoreAnswer Told(in StoreAnswer answer, Func<JsonElement, string> read)
    {
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var told = JsonDocument.Parse(json);
        return StoreAnswer.Ok(read(told.RootElement));
    }

    private static string Ids(IEnumerable<JsonElement> ids) => JsonSerializer.Serialize(ids.Select(id => id.GetString()!).ToArray(), HistoryJson.Default.StringArray);

    /// <summary>A run's own, on a cluster that may have had others.</summary>
    private static (string, string?) Subscription(string key) => ("subscription", $"lab-{key[..(key.LastIndexOf(':') + 1)]}");

    private static Task<StoreAnswer> CallAsync(IClientSession session, string operation, bool isRead, params IReadOnlyList<(string, string?)> arguments) =>
        LogTopic.CallAsync(session, new ModeCall(Mode, operation, isRead, arguments));
}
