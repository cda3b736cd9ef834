using System.Collections.Immutable;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>One log's transactions: those that are not finished, the newest that are, how many ended how, and how long ledgers were locked.</summary>
public sealed record TransactionLogState(
    ImmutableSortedDictionary<string, TransactionRecord> Open, ImmutableList<TransactionRecord> Ended, long Committed, long Aborted, HeldTimes HeldReplicated, HeldTimes HeldLocal)
{
    /// <summary>The transaction, under way or among those kept; null when it is not known, or no more.</summary>
    public TransactionRecord? Find(string id) => Open.GetValueOrDefault(id) ?? Ended.FindLast(transaction => transaction.Id == id);
}
