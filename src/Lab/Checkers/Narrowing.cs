using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>Makes a search smaller and changes no verdict: what need not be placed is left out, and what the whole history tells is known from the start.</summary>
internal static class Narrowing
{
    /// <param name="operations">Of one key, prepared: ok, or of unknown outcome.</param>
    public static (IModel Model, IReadOnlyList<Operation> Operations) Of(IModel model, List<Operation> operations) =>
        model == CollectionModel.Queue ? QueueNarrowing.Of(operations) : (model, UnseenWrites.Drop(operations));
}
