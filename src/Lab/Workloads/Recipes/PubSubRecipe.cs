using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The mode pub-sub. In the history: subscribe NAME [subscription, kind, group]; publish TOPIC [message, all or group] -> <c>HERE NODES ELSEWHERE</c>; hear NAME [subscription, after] -> what
/// <see cref="PubSubWords"/> says; unsubscribe NAME [subscription].
/// </summary>
internal sealed class PubSubRecipe : IRecipe
{
    public const string Mode = "pub-sub";

    /// <summary>Longer than any fault that a client sits out, and short enough that one whose client has gone does not go on for the whole run.</summary>
    private const string Lease = "10s";

    private const string MostHeard = "200";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "subscribe", Input: [{ } id, { } kind, var group] } =>
            CallAsync(session, request, static _ => null, ("subscription", id), ("name", request.Key), ("kind", kind), ("group", group), ("lease", Lease)),
        { Op: "publish", Input: [{ } message, { } to] } => CallAsync(session, request, Published, ("topic", request.Key), ("message", message), ("to", to)),
        { Op: "hear", Input: [{ } id, { } after] } => CallAsync(session, request, Heard, ("subscription", id), ("after", after), ("most", MostHeard)),
        { Op: "unsubscribe", Input: [{ } id] } => CallAsync(session, request, static _ => null, ("subscription", id)),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static async Task<StoreAnswer> CallAsync(IClientSession session, Request request, Func<JsonElement, string?> output, params IReadOnlyList<(string Name, string? Value)> arguments)
    {
        var answer = await session.CallAsync(new ModeCall(Mode, request.Op, IsRead: false, arguments)).ConfigureAwait(false);
        if (answer.Outcome != Outcome.Ok)
        {
            return answer;
        }

        using var json = JsonDocument.Parse(answer.Output!);
        return StoreAnswer.Ok(output(json.RootElement));
    }

    private static string Published(JsonElement told) => string.Create(
        CultureInfo.InvariantCulture, $"{told.GetProperty("here").GetInt64()} {told.GetProperty("nodes").GetInt64()} {told.GetProperty("elsewhere").GetInt64()}");

    private static string Heard(JsonElement told) => PubSubWords.Heard(
        told.GetProperty("last").GetInt64(),
        told.GetProperty("messages").EnumerateArray().Select(message => (
            message.GetProperty("number").GetInt64(),
            message.GetProperty("topic").GetString()!,
            message.TryGetProperty("text", out var text) ? text.GetString()! : "base64:" + message.GetProperty("base64").GetString())));
}
