using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The mode leader-election. In the history: take -> <c>TICKET EPOCH LEADER WORKER</c>, who -> <c>EPOCH LEADER</c>, book -> a line for each reign, <c>EPOCH LEADER FIRST LAST</c>,
/// in the order of their tickets.
/// </summary>
internal sealed class TicketRecipe : IRecipe
{
    public const string Mode = "leader-election";

    public async Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request)
    {
        var answer = await session.CallAsync(new ModeCall(Mode, request.Op, IsRead: request.Op != "take")).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var document = JsonDocument.Parse(json);
        var told = document.RootElement;
        return StoreAnswer.Ok(request.Op switch
        {
            "take" => string.Create(CultureInfo.InvariantCulture, $"{told.GetProperty("ticket").GetInt64()} {told.GetProperty("epoch").GetUInt64()} {told.GetProperty("leader").GetString()} {told.GetProperty("worker").GetString()}"),
            "who" => string.Create(CultureInfo.InvariantCulture, $"{told.GetProperty("epoch").GetUInt64()} {told.GetProperty("leader").GetString()}"),
            "book" => string.Join('\n', told.GetProperty("reigns").EnumerateArray().Select(reign => string.Create(
                CultureInfo.InvariantCulture, $"{reign.GetProperty("epoch").GetUInt64()} {reign.GetProperty("leader").GetString()} {reign.GetProperty("first").GetInt64()} {reign.GetProperty("last").GetInt64()}"))),
            _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
        });
    }
}
