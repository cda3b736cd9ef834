using System.Collections.Immutable;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>One log's transactions: those that are not finished, the newest that are, how many ended how, and how long ledgers were locked.</summary>
public sealed record TransactionLogState(
    ImmutableSortedDictionary<string, TransactionRecord> Open, ImmutableList<TransactionRecord> Ended, long Committed, long Aborted, HeldTimes HeldReplicated, HeldTimes HeldLocal)
{
    /// <summary>The transaction, under way or among those kept; null when it is not known, or no more. One whose id is another's is shown where nothing better is known.</summary>
    public TransactionRecord? Find(string id) => Holder(id) ?? Ended.FindLast(transaction => transaction.Id == id);

    /// <summary>The transaction of that order, of those that may have had the id.</summary>
    /// <param name="content">0 for whichever it is.</param>
    public TransactionRecord? Find(string id, long content) =>
        content == 0 ? Find(id)
        : Open.GetValueOrDefault(id) is { } open && open.Order.Content == content ? open
        : Ended.FindLast(transaction => transaction.Id == id && transaction.Order.Content == content);

    /// <summary>Whose id it is; null where that is open. A transaction that was aborted because its id is another's does not have it: that other order would be refused in its place.</summary>
    public TransactionRecord? Holder(string id) => Open.GetValueOrDefault(id) ?? Ended.FindLast(transaction => transaction.Id == id && !transaction.IdIsAnothers);
}
