using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// A first-in first-out queue in one value: both ends are changed under WATCH, so an element goes to one consumer, and in order. An element whose dequeue had an unknown outcome may
/// be gone with nobody to tell; what must not happen twice belongs under a lock or an offset instead.
/// </summary>
internal sealed class QueueRecipe : IRecipe
{
    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "enqueue", Input: [{ } value] } => Optimistic.RunAsync(
            session, [request.Key], values => new StoreDecision([new StoreWrite(request.Key, values[0] + Elements.Of(value))])),
        { Op: "dequeue" } => Optimistic.RunAsync(session, [request.Key], values => Dequeue(request.Key, Elements.Split(values[0]))),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static StoreDecision Dequeue(string key, string[] elements) => elements switch
    {
        [] => new StoreDecision([]),
        [var only] => new StoreDecision([new StoreWrite(key, null)], only),
        [var first, .. var rest] => new StoreDecision([new StoreWrite(key, string.Concat(rest.Select(Elements.Of)))], first),
    };
}
