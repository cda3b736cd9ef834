using System.Collections.Immutable;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.DistributedDatabase.Ranges;

/// <summary>A range. All lists stand in ordinal order of their names.</summary>
/// <param name="Clock">The newest timestamp that anything here was read or written at. It is the read-timestamp cache, one entry for the whole range; since it is state, a new leader has it.</param>
/// <param name="Floor">Reads and intents of transactions that began before it are refused: what they would have to see is not kept.</param>
/// <param name="RecordFloor">A record of a transaction that began then or before is not made any more: one that was ended by others may be forgotten.</param>
/// <param name="IndexFloor">Lookups as of before it are refused: the index has lost values of versions that are not kept.</param>
/// <param name="Bytes">Of rows and intents in JSON, at most; counted as they come and go.</param>
/// <param name="OutcomeBytes">Of outcomes, likewise: they have a bound of their own.</param>
/// <param name="Index">Each value with each key that has it in some version.</param>
/// <param name="Outcomes">Of transactions that carried a request's id, oldest first.</param>
public sealed record RangeState(
    long Clock,
    long Floor,
    long RecordFloor,
    long IndexFloor,
    long Bytes,
    long OutcomeBytes,
    ImmutableList<Row> Rows,
    ImmutableList<Intent> Intents,
    ImmutableList<TransactionRecord> Records,
    ImmutableList<IndexEntry> Index,
    ImmutableList<Outcome> Outcomes)
{
    /// <summary>Bytes of all of it in JSON, at most.</summary>
    public long Size => Bytes + OutcomeBytes + ((long)Records.Count * RangeSize.Record);

    public Row? Row(string key) => Sorted.Find(Rows, key, row => row.Key);

    public Intent? Intent(string key) => Sorted.Find(Intents, key, intent => intent.Key);

    public TransactionRecord? Record(string transaction) => Sorted.Find(Records, transaction, record => record.Id);

    public Outcome? OutcomeOf(string? request) => request is null ? null : Outcomes.Find(outcome => RequestName.IdOf(outcome.Request) == RequestName.IdOf(request));

    /// <summary>The newest committed version; null where the key was never written.</summary>
    public KeyVersion? Newest(string key) => Row(key)?.Versions[0];
}

/// <summary>A key with its versions.</summary>
/// <param name="Versions">Newest first; at least one.</param>
/// <param name="IsTrimmed">Whether there were older ones, which are not kept.</param>
public sealed record Row(string Key, ImmutableArray<KeyVersion> Versions, bool IsTrimmed)
{
    /// <summary>The version that a reader at that timestamp sees; null: none.</summary>
    public KeyVersion? SeenAt(long at) => Versions.FirstOrDefault(version => version.At <= at);

    /// <summary>Whether what a reader at that timestamp would see may be one that is not kept.</summary>
    public bool HasForgotten(long at) => IsTrimmed && Versions[^1].At > at;

    /// <summary>Whether it was written after the one and not after the other, or may have been: what is not kept is not known.</summary>
    public bool ChangedBetween(long after, long until) => HasForgotten(after) || Versions.Any(version => version.At > after && version.At <= until);
}

/// <summary>A value from its timestamp on; null: the key was taken away.</summary>
public sealed record KeyVersion(long At, string? Value);

/// <summary>What a transaction that has not ended will make of a key if it commits.</summary>
/// <param name="Anchor">The range of its record, the one place that says how it ends.</param>
/// <param name="Start">When it read.</param>
/// <param name="Placed">The range's clock when it was laid: the transaction commits later than that, because it asks for its timestamp later.</param>
/// <param name="AtUnixMs">For whoever looks for what was left; nothing depends on it.</param>
public sealed record Intent(string Key, string? Value, string Transaction, int Anchor, long Start, long Placed, long AtUnixMs);

/// <summary>How a transaction stands: pending with a deadline, committed, or aborted. It is made with the first intents and stands beside them, in its anchor range.</summary>
/// <param name="Priority">The start of its first attempt: smaller is older, and goes first.</param>
/// <param name="At">Committed: when. Pending: it commits later than that, since somebody has read.</param>
/// <param name="Ranges">All that got intents of it.</param>
/// <param name="DeadlineUnixMs">After it anybody may abort it, if it is pending.</param>
/// <param name="IsByOwner">Aborted by its own coordinator, which will not commit it.</param>
public sealed record TransactionRecord(string Id, TransactionStatus Status, long Start, long Priority, long At, ImmutableArray<int> Ranges, long DeadlineUnixMs, string? Why, bool IsByOwner);

/// <summary>See <see cref="TransactionRecord"/>.</summary>
public enum TransactionStatus
{
    /// <summary>There is no record: it has not begun here, or it has ended and left nothing.</summary>
    Missing,

    Pending,

    Committed,

    Aborted,
}

/// <summary>An entry of the index on values.</summary>
public sealed record IndexEntry(string Value, string Key);

/// <summary>What a client that asks again is told.</summary>
/// <param name="Refusal">Why it had no effect, and will have none; null when it had.</param>
public sealed record Outcome(string Request, long At, ImmutableArray<StepResult> Results, string? Refusal = null);
