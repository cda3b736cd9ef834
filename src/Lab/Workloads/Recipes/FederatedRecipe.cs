using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The mode <c>federated</c>. get gives <c>VERSION=VALUE</c> of the key's home; read the same of the asked cluster's copy; peek that with the copy's age before it, <c>AGE_MS VERSION=VALUE</c>, where it is known. put, cas and delete give
/// the version of what was written. regions, failover and home give the mode's answer.
/// </summary>
internal sealed class FederatedRecipe : IRecipe
{
    public const string Mode = "federated";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "get" } => CallAsync(session, "get", isRead: true, Found, ("key", request.Key)),
        { Op: "read" } => CallAsync(session, "get", isRead: true, Found, ("key", request.Key), ("read", "local")),
        { Op: "peek" } => CallAsync(session, "get", isRead: true, static answer => $"{Age(answer)} {Found(answer)}", ("key", request.Key), ("read", "local")),
        { Op: "put", Input: [{ } value] } => CallAsync(session, "put", isRead: false, Version, ("key", request.Key), ("value", value)),
        { Op: "cas", Input: [var expected, { } value] } => CallAsync(session, "cas", isRead: false, Version, ("key", request.Key), ("expected", expected), ("value", value)),
        { Op: "delete" } => CallAsync(session, "delete", isRead: false, Version, ("key", request.Key)),
        { Op: "regions" } => CallAsync(session, "regions", isRead: true, static answer => answer.GetRawText()),
        { Op: "failover", Input: [{ } to] } => CallAsync(session, "failover", isRead: false, static answer => answer.GetRawText(), ("region", request.Key), ("to", to)),
        { Op: "home" } => CallAsync(session, "home", isRead: false, static answer => answer.GetRawText(), ("region", request.Key)),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static async Task<StoreAnswer> CallAsync(IClientSession session, string operation, bool isRead, Func<JsonElement, string> output, params IReadOnlyList<(string Name, string? Value)> arguments)
    {
        var answer = await session.CallAsync(new ModeCall(Mode, operation, isRead, arguments)).ConfigureAwait(false);
        if (answer.Outcome != Outcome.Ok)
        {
            return answer;
        }

        using var json = JsonDocument.Parse(answer.Output!);
        return StoreAnswer.Ok(output(json.RootElement));
    }

    private static string Found(JsonElement answer) => $"{Version(answer)}={Text(answer, "value")}";

    private static string Version(JsonElement answer) => Text(answer, "version") is { Length: > 0 } version ? version : "0..0";

    private static string Age(JsonElement answer) => answer.TryGetProperty("ageMs", out var age) ? age.GetDouble().ToString("0.#", CultureInfo.InvariantCulture) : "?";

    private static string Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
