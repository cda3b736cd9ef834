using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.DistributedDatabase;

// The oracle is an entity.

/// <summary>Asks the oracle for so many ticks that nobody has had.</summary>
public sealed record AllotTicks(int Count);

/// <summary>What happened, and the answer: these ticks are given, and will not be again.</summary>
public sealed record TicksAllotted(long First, int Count);

/// <summary>The newest tick that was given.</summary>
public sealed record OracleState(long Last);

// A range of keys is an entity: a Raft group holds it, its leader decides, every replica applies. Timestamps are those of Timestamp.

/// <summary>What a range can be asked.</summary>
public abstract record RangeCommand
{
    /// <summary>The asker's number of this call; the reply carries it back.</summary>
    public int Call { get; init; }
}

/// <summary>Reads the newest committed value of a key, and what stands in its way.</summary>
public sealed record Peek(string Key) : RangeCommand, IEntityQuery;

/// <summary>One transaction that touches this range only, whole, at once: one-phase commit.</summary>
/// <param name="Request">The client's id of it, null without: who asks again gets the first outcome.</param>
/// <param name="NotBefore">A tick's timestamp; it commits there or later. 0: only after all that this range knows.</param>
/// <param name="IgnoresIntents">The flaw.</param>
public sealed record Execute(string? Request, long NotBefore, ImmutableArray<Step> Steps, bool IgnoresIntents) : RangeCommand;

/// <summary>Reads as of a timestamp. From then on nothing commits here at that timestamp or before, but what has an intent here already.</summary>
/// <param name="Spans">Steps of scans and lookups.</param>
/// <param name="Passed">Transactions that are known to commit later: their intents are not in the way.</param>
public sealed record ReadAt(long At, ImmutableArray<string> Keys, ImmutableArray<Step> Spans, ImmutableArray<string> Passed, bool IgnoresIntents) : RangeCommand;

/// <summary>Lays a transaction's intents: from then on nobody else writes these keys until it has ended.</summary>
/// <param name="Start">When it read: a newer version of any of the keys is a conflict (first committer wins).</param>
/// <param name="Ranges">At the anchor, all ranges that get intents: makes the transaction's record. Null elsewhere.</param>
public sealed record Lay(string Transaction, int Anchor, long Start, long Priority, ImmutableArray<Change> Changes, ImmutableArray<int>? Ranges, string? Request, bool IgnoresIntents) : RangeCommand;

/// <summary>Makes sure that what was read would be read again at a later timestamp, and that nothing can come in between any more (CockroachDB's read refresh).</summary>
public sealed record Refresh(string Transaction, long From, long To, ImmutableArray<string> Keys, ImmutableArray<Step> Spans, bool IgnoresIntents) : RangeCommand;

/// <summary>To the anchor: the decision.</summary>
/// <param name="Results">Kept with it for who asks again; none without a request's id.</param>
public sealed record Commit(string Transaction, long At, string? Request, ImmutableArray<StepResult> Results) : RangeCommand;

/// <summary>To the anchor of a transaction whose intent is in the way.</summary>
/// <param name="Start">The intent's.</param>
/// <param name="Past">It shall commit later than that; 0 to leave it.</param>
/// <param name="Priority">An older transaction (a smaller priority) ends a younger one that has not committed (wound-wait); null: only one that has expired.</param>
/// <param name="EndsMissing">Without a record it is aborted, so that none can come later.</param>
public sealed record Push(string Transaction, long Start, long Past, long? Priority, bool EndsMissing) : RangeCommand;

/// <summary>How a transaction stands, by its anchor.</summary>
public sealed record Look(string Transaction) : RangeCommand, IEntityQuery;

/// <summary>By its own coordinator: it will not be committed.</summary>
public sealed record Abort(string Transaction) : RangeCommand;

/// <summary>By its coordinator, to the anchor: it is alive.</summary>
public sealed record Beat(string Transaction) : RangeCommand;

/// <summary>Makes a transaction's intents in this range versions, or nothing.</summary>
/// <param name="At">When it committed; null: it was aborted.</param>
public sealed record Resolve(string Transaction, long? At) : RangeCommand;

/// <summary>To the anchor: no range has intents of it any more.</summary>
/// <param name="ByOwner">Its coordinator says so, so nobody can lay an intent for it or commit it.</param>
public sealed record Forget(string Transaction, bool ByOwner) : RangeCommand;

/// <summary>To the anchor of a request: a step forbids it.</summary>
public sealed record RefuseRequest(string Request, string Why) : RangeCommand;

/// <summary>What has been left: records whose coordinator is silent, and intents that are old.</summary>
public sealed record FindStalled(int Most) : RangeCommand, IEntityQuery;

/// <summary>All records.</summary>
public sealed record ListRecords(int Most) : RangeCommand, IEntityQuery;

/// <summary>What this replica has of a key.</summary>
public sealed record Inspect(string Key) : RangeCommand, IEntityQuery;

/// <summary>What a range answers.</summary>
public abstract record RangeReply
{
    public int Call { get; init; }
}

/// <summary>Answers <see cref="Peek"/>.</summary>
/// <param name="By">Whose intent is there, null without; <paramref name="IntentValue"/> is what it would make of the key.</param>
public sealed record Peeked(string? Value, long At, Blocker? By, string? IntentValue) : RangeReply;

/// <summary>Answers <see cref="Execute"/> and <see cref="RefuseRequest"/>, and whatever carries a request that has its outcome already.</summary>
/// <param name="Refusal">A step that forbids it, or a range that is full; nothing has changed.</param>
/// <param name="IsOfBefore">It was done when it was asked for the first time, and not now.</param>
public sealed record Executed(long At, ImmutableArray<StepResult> Results, string? Refusal, bool IsOfBefore) : RangeReply;

/// <summary>This range has used up what it can write after the newest tick that it knows.</summary>
public sealed record TickNeeded : RangeReply;

/// <summary>Answers <see cref="ReadAt"/>.</summary>
/// <param name="Values">In the order of the keys.</param>
/// <param name="Spans">In the order of the spans.</param>
public sealed record ReadDone(ImmutableArray<string?> Values, ImmutableArray<ImmutableArray<FoundRow>> Spans) : RangeReply;

/// <summary>Intents of others are in the way.</summary>
public sealed record Blocked(ImmutableArray<Blocker> By) : RangeReply;

/// <summary>A transaction that is in the way.</summary>
public sealed record Blocker(string Transaction, int Anchor, long Start, string Key);

/// <summary>What has to do with the transaction's start is not so any more: it has to begin again with a newer one.</summary>
public sealed record Conflicted(string Why) : RangeReply;

/// <summary>The intents are there.</summary>
public sealed record Laid : RangeReply;

/// <summary>What was read stands at the later timestamp, too.</summary>
public sealed record Refreshed : RangeReply;

/// <summary>Answers all that ask about a transaction.</summary>
/// <param name="At">When it committed; while it is pending, it commits later than that.</param>
public sealed record Standing(TransactionStatus Status, long At, string? Why) : RangeReply
{
    /// <summary>Aborted where there was no record: it had not begun here, or it had ended, one way or the other, and was forgotten.</summary>
    public bool IsTombstone { get; init; }
}

/// <summary>It is so.</summary>
public sealed record Noted : RangeReply;

/// <summary>Answers <see cref="FindStalled"/> and <see cref="ListRecords"/>.</summary>
public sealed record Stalled(int Range, ImmutableArray<TransactionRecord> Records, ImmutableArray<Intent> Intents) : RangeReply;

/// <summary>Answers <see cref="Inspect"/>.</summary>
public sealed record Inspected(int Range, long Clock, ImmutableArray<KeyVersion> Versions, Intent? Intent, int Rows, int Intents, int Records) : RangeReply;

// What happened to a range.

public abstract record RangeEvent;

/// <summary>It was read at that timestamp: nothing commits before it any more.</summary>
public sealed record Fenced(long At) : RangeEvent;

/// <summary>A transaction of this range only has committed.</summary>
public sealed record Written(long At, ImmutableArray<Change> Changes, Outcome? Outcome) : RangeEvent;

/// <param name="Record">At the anchor.</param>
public sealed record IntentsLaid(ImmutableArray<Intent> Intents, TransactionRecord? Record) : RangeEvent;

/// <summary>The decision.</summary>
public sealed record Committed(string Transaction, long At, Outcome? Outcome) : RangeEvent;

/// <param name="Tombstone">Where there was no record: one that keeps a late one out.</param>
public sealed record Aborted(string Transaction, string Why, TransactionRecord? Tombstone) : RangeEvent;

/// <summary>A pending transaction commits later than that, or lives until then.</summary>
public sealed record RecordChanged(string Transaction, long LaterThan, long DeadlineUnixMs) : RangeEvent;

public sealed record Resolved(string Transaction, long? At) : RangeEvent;

public sealed record Forgotten(string Transaction, bool ByOwner) : RangeEvent;

/// <summary>That request will have no effect.</summary>
public sealed record RequestRefused(Outcome Outcome) : RangeEvent;

// Between the doors of two nodes, for the X-ray of a key.

/// <summary>Asks what you have of a key.</summary>
public sealed record InspectKey(string Key);

/// <summary>That.</summary>
public sealed record KeyInspected(string From, Inspected? Seen);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OracleState))]
[JsonSerializable(typeof(AllotTicks))]
[JsonSerializable(typeof(TicksAllotted))]
[JsonSerializable(typeof(RangeState))]
[JsonSerializable(typeof(Peek))]
[JsonSerializable(typeof(Execute))]
[JsonSerializable(typeof(ReadAt))]
[JsonSerializable(typeof(Lay))]
[JsonSerializable(typeof(Refresh))]
[JsonSerializable(typeof(Commit))]
[JsonSerializable(typeof(Push))]
[JsonSerializable(typeof(Look))]
[JsonSerializable(typeof(Abort))]
[JsonSerializable(typeof(Beat))]
[JsonSerializable(typeof(Resolve))]
[JsonSerializable(typeof(Forget))]
[JsonSerializable(typeof(RefuseRequest))]
[JsonSerializable(typeof(FindStalled))]
[JsonSerializable(typeof(ListRecords))]
[JsonSerializable(typeof(Inspect))]
[JsonSerializable(typeof(Peeked))]
[JsonSerializable(typeof(Executed))]
[JsonSerializable(typeof(TickNeeded))]
[JsonSerializable(typeof(ReadDone))]
[JsonSerializable(typeof(Blocked))]
[JsonSerializable(typeof(Conflicted))]
[JsonSerializable(typeof(Laid))]
[JsonSerializable(typeof(Refreshed))]
[JsonSerializable(typeof(Standing))]
[JsonSerializable(typeof(Noted))]
[JsonSerializable(typeof(Stalled))]
[JsonSerializable(typeof(Inspected))]
[JsonSerializable(typeof(Fenced))]
[JsonSerializable(typeof(Written))]
[JsonSerializable(typeof(IntentsLaid))]
[JsonSerializable(typeof(Committed))]
[JsonSerializable(typeof(Aborted))]
[JsonSerializable(typeof(RecordChanged))]
[JsonSerializable(typeof(Resolved))]
[JsonSerializable(typeof(Forgotten))]
[JsonSerializable(typeof(RequestRefused))]
[JsonSerializable(typeof(InspectKey))]
[JsonSerializable(typeof(KeyInspected))]
[JsonSerializable(typeof(TransactionView))]
[JsonSerializable(typeof(UnfinishedView))]
internal sealed partial class DatabaseJson : JsonSerializerContext;
