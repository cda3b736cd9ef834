using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The OR-sets of the mode <c>multi-master</c>. add [member] gives the update that it made, and after it those that it replaced; remove [member] gives those that it took away, null for none: by their names a checker knows which additions
/// a removal had seen.
/// </summary>
internal sealed class OrSetRecipe : IRecipe
{
    public const string Mode = "multi-master";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "add" or "remove", Input: [{ } member] } => CallAsync(session, "version", new ModeCall(Mode, request.Op, IsRead: false, ("key", request.Key), ("member", member))),
        { Op: "read" } => CallAsync(session, "value", new ModeCall(Mode, "get", IsRead: true, ("key", request.Key))),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static async Task<StoreAnswer> CallAsync(IClientSession session, string told, ModeCall call)
    {
        var answer = await session.CallAsync(call).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var read = JsonDocument.Parse(json);
        return StoreAnswer.Ok(read.RootElement.TryGetProperty(told, out var text) ? text.GetString() : null);
    }
}
