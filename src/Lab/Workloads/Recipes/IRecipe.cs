using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>How the words of a workload are carried out with a key-value store's primitives. Keeps nothing between two requests, so all clients share one.</summary>
public interface IRecipe
{
    /// <exception cref="ArgumentException">The recipe has no such operation.</exception>
    Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request);
}
