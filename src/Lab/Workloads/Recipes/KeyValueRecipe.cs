using System.Globalization;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>Registers and counters: each operation is one of the store's own.</summary>
internal sealed class KeyValueRecipe(ReadConsistency consistency) : IRecipe
{
    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "read" } => session.ReadAsync(request.Key, consistency),
        { Op: "write", Input: [{ } value] } => session.WriteAsync(request.Key, value),
        { Op: "delete" } => session.DeleteAsync(request.Key),
        { Op: "cas", Input: [var expected, { } value] } => session.CompareAndSetAsync(request.Key, expected, value),
        { Op: "incr", Input: [{ } delta] } => session.IncrementAsync(request.Key, long.Parse(delta, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };
}
