using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// A set in one value, changed by read-modify-write under WATCH: what two clients do at once may cost one of them another attempt, and never an element. Adding what is
/// there already changes nothing.
/// </summary>
internal sealed class SetRecipe(ReadConsistency consistency) : IRecipe
{
    public async Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request)
    {
        switch (request)
        {
            case { Op: "add", Input: [{ } value] }:
                return await Optimistic.RunAsync(session, [request.Key], values => Elements.Split(values[0]).Contains(value)
                    ? new StoreDecision([])
                    : new StoreDecision([new StoreWrite(request.Key, values[0] + Elements.Of(value))])).ConfigureAwait(false);
            case { Op: "read" }:
                var answer = await session.ReadAsync(request.Key, consistency).ConfigureAwait(false);
                return answer.Outcome == Outcome.Ok ? answer with { Output = Elements.ToJson(answer.Output) } : answer;
            default:
                throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request));
        }
    }
}
