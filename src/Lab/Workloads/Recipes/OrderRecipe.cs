using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>Orders as a mode carries them out that has the operations place, look, ledger and figures.</summary>
/// <param name="variant">The argument of place that says in which of the mode's ways.</param>
internal sealed class OrderRecipe(string mode, string variant) : IRecipe
{
    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "place", Input: [{ } way, { } item, { } quantity, { } customer, { } price, { } carrier, { } failAt, { } pace] } => PlaceAsync(session, new ModeCall(
            mode, "place", IsRead: false, ("id", request.Key), (variant, way), ("item", item), ("quantity", quantity), ("customer", customer), ("price", price), ("carrier", carrier), ("fail-at", failAt), ("pace", pace))),
        { Op: "look" } => session.CallAsync(new ModeCall(mode, "look", IsRead: true, ("id", request.Key))),
        { Op: "ledger" } when request.Key.Split('/', 2) is [var at, var name] => session.CallAsync(new ModeCall(mode, "ledger", IsRead: true, ("at", at), ("name", name))),
        { Op: "ended" } => EndedAsync(session),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static async Task<StoreAnswer> PlaceAsync(IClientSession session, ModeCall call)
    {
        var answer = await session.CallAsync(call).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var told = JsonDocument.Parse(json);
        return StoreAnswer.Ok(told.RootElement.GetProperty("outcome").GetString());
    }

    /// <summary>Answered once no order is under way: only then do the ledgers say how each has ended.</summary>
    private async Task<StoreAnswer> EndedAsync(IClientSession session)
    {
        var answer = await session.CallAsync(new ModeCall(mode, "figures", IsRead: true)).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return StoreAnswer.Fail;
        }

        using var figures = JsonDocument.Parse(json);
        return figures.RootElement.GetProperty("open").GetInt64() == 0 ? StoreAnswer.Ok(json) : StoreAnswer.Fail;
    }
}
