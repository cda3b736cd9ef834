using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>A list that only grows, in one value: APPEND adds, GET reads all. An append that is carried out twice shows twice.</summary>
internal sealed class ListRecipe(ReadConsistency consistency) : IRecipe
{
    public async Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request)
    {
        switch (request)
        {
            case { Op: "append", Input: [{ } value] }:
                return await session.AppendAsync(request.Key, Elements.Of(value)).ConfigureAwait(false);
            case { Op: "read" }:
                var answer = await session.ReadAsync(request.Key, consistency).ConfigureAwait(false);
                return answer.Outcome == Outcome.Ok ? answer with { Output = Elements.ToJson(answer.Output) } : answer;
            default:
                throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request));
        }
    }
}
