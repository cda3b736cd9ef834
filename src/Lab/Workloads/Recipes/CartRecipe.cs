using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// A set kept in a register with siblings, as Dynamo's shopping cart (DeCandia et al. 2007, section 4.4): a client reads all siblings, puts their union with one element more, and says by the context which it has seen. What was put side by
/// side with it stays beside it for the next reader.
/// </summary>
internal sealed class CartRecipe : IRecipe
{
    private const string Mode = OrSetRecipe.Mode;

    public async Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request)
    {
        var answer = await session.CallAsync(new ModeCall(Mode, "get", IsRead: true, ("key", request.Key))).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var read = JsonDocument.Parse(json);
        var union = read.RootElement.TryGetProperty("siblings", out var siblings)
            ? siblings.EnumerateArray().SelectMany(sibling => Elements.Split(sibling.GetString())).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray()
            : [];
        if (request is not { Op: "add", Input: [{ } element] })
        {
            return StoreAnswer.Ok(JsonSerializer.Serialize(union, HistoryJson.Default.StringArray));
        }

        // Who has found nothing has seen nothing, and says so: without a context the node would take it for what it has itself by then.
        var context = read.RootElement.TryGetProperty("version", out var version) ? version.GetString() : "";
        var cart = string.Concat(union.Append(element).Select(Elements.Of));
        var put = await session.CallAsync(new ModeCall(Mode, "put", IsRead: false, ("key", request.Key), ("value", cart), ("type", "siblings"), ("context", context))).ConfigureAwait(false);
        return put.Outcome == Outcome.Ok ? StoreAnswer.Ok() : put;
    }
}
