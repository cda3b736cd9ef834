using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The locks of the mode <c>lock</c>. acquire [session] gives <c>TOKEN TICKET</c>, or <c>0 TICKET</c> for a place in the queue; release [token] gives how often the session still holds it;
/// access [token] gives the resource's number of the access.
/// </summary>
internal sealed class FencedLockRecipe(TimeSpan lease) : IRecipe
{
    // A request waits for a holder that works and one that sleeps; a place outlives a request that is lost.
    private readonly TimeSpan wait = lease * 2;
    private readonly TimeSpan keep = lease * 4;
    private readonly TimeSpan delay = lease / 4;

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "acquire", Input: [{ } who] } => CallAsync(session, request, Granted, ("session", who), ("lease", Text(lease)), ("wait", Text(wait)), ("keep", Text(keep)), ("lock-delay", Text(delay))),
        { Op: "renew", Input: [{ } token] } => CallAsync(session, request, static _ => null, ("token", token), ("lease", Text(lease))),
        { Op: "access", Input: [{ } token] } => CallAsync(session, request, static answer => Number(answer, "access"), ("token", token), ("value", token)),
        { Op: "release", Input: [{ } token] } => CallAsync(session, request, static answer => Number(answer, "count"), ("token", token)),
        { Op: "withdraw", Input: [{ } who] } => CallAsync(session, request, static _ => null, ("session", who)),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static async Task<StoreAnswer> CallAsync(IClientSession session, Request request, Func<JsonElement, string?> output, params IReadOnlyList<(string Name, string? Value)> arguments)
    {
        var answer = await session.CallAsync(new ModeCall("lock", request.Op, IsRead: false, [("name", request.Key), .. arguments])).ConfigureAwait(false);
        if (answer.Outcome != Outcome.Ok)
        {
            return answer;
        }

        using var json = JsonDocument.Parse(answer.Output!);
        return StoreAnswer.Ok(output(json.RootElement));
    }

    private static string Granted(JsonElement answer) => $"{(answer.GetProperty("granted").GetBoolean() ? Number(answer, "token") : "0")} {Number(answer, "ticket")}";

    private static string Number(JsonElement answer, string name) => answer.GetProperty(name).GetInt64().ToString(CultureInfo.InvariantCulture);

    private static string Text(TimeSpan span) => FormattableString.Invariant($"{span.TotalMilliseconds:0}ms");
}
