using System.Collections.Immutable;

namespace Cluster.Modes.Saga;

/// <summary>One log's sagas: those under way by id, the newest that have ended, and how many have ended how.</summary>
public sealed record SagaLogState(ImmutableSortedDictionary<string, SagaRecord> Open, ImmutableList<SagaRecord> Ended, long Completed, long Compensated)
{
    /// <summary>The saga, under way or among those kept; null when it is not known, or no more.</summary>
    public SagaRecord? Find(string id) => Open.GetValueOrDefault(id) ?? Ended.FindLast(saga => saga.Id == id);
}
