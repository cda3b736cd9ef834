using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>
/// Finds in all operations of one key a contradiction of a shape that people know. It is proven from the times and the answers alone, so what it says is certain; that it finds
/// nothing says nothing.
/// </summary>
internal static class KnownContradictions
{
    /// <summary>The one that takes the fewest operations to show, of those the earliest; null where there is none of these shapes.</summary>
    /// <param name="operations">Of one key, as recorded, those that failed, too.</param>
    public static Contradiction? Smallest(IModel model, IReadOnlyList<Operation> operations)
    {
        var found = model == CollectionModel.Queue ? QueueContradictions.In(operations)
            : model is CollectionModel ? InCollection(model == CollectionModel.List, operations)
            : model == KeyValueModel.Counter || operations.Any(operation => operation.Op == "incr") ? CounterContradictions.In(operations)
            : RegisterContradictions.In(operations);
        return found.MinBy(contradiction => contradiction.Piece.Count);
    }

    private static IEnumerable<Contradiction> InCollection(bool isList, IReadOnlyList<Operation> operations)
    {
        var collection = new CollectionHistory(operations, isList);
        return GrowingContradictions.In(collection, operations).Concat(isList ? ListContradictions.In(collection) : SetContradictions.In(collection));
    }
}
