using System.Collections.Immutable;

namespace Cluster.Modes.Saga;

/// <summary>One log's sagas: those under way by id, the newest that have ended, and how many have ended how.</summary>
public sealed record SagaLogState(ImmutableSortedDictionary<string, SagaRecord> Open, ImmutableList<SagaRecord> Ended, long Completed, long Compensated)
{
    /// <summary>The saga, under way or among those kept; null when it is not known, or no more. One whose id is another's is shown where nothing better is known.</summary>
    public SagaRecord? Find(string id) => Holder(id) ?? Ended.FindLast(saga => saga.Id == id);

    /// <summary>The saga of that order, of those that may have had the id.</summary>
    /// <param name="content">0 for whichever it is.</param>
    public SagaRecord? Find(string id, long content) =>
        content == 0 ? Find(id)
        : Open.GetValueOrDefault(id) is { } open && open.Order.Content == content ? open
        : Ended.FindLast(saga => saga.Id == id && saga.Order.Content == content);

    /// <summary>Whose id it is; null where that is open. A saga that has ended because its id is another's does not have it: that other order would be refused in its place.</summary>
    public SagaRecord? Holder(string id) => Open.GetValueOrDefault(id) ?? Ended.FindLast(saga => saga.Id == id && !saga.IdIsAnothers);
}
