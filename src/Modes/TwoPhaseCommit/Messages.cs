using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>Whose log the decision stands in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CoordinatorKind>))]
public enum CoordinatorKind
{
    /// <summary>Any node may read and write it: if the coordinator dies, another one finishes.</summary>
    [JsonStringEnumMemberName("replicated")]
    Replicated,

    /// <summary>As if it stood on the coordinator's own disk: only its node may read and write it. If that node dies, everybody waits for it.</summary>
    [JsonStringEnumMemberName("local")]
    Local,
}

/// <summary>Where a transaction is. The last two are its ends.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TransactionPhase>))]
public enum TransactionPhase
{
    /// <summary>Participants are asked for their votes: nothing is decided.</summary>
    [JsonStringEnumMemberName("preparing")]
    Preparing,

    /// <summary>Decided; not all participants know yet.</summary>
    [JsonStringEnumMemberName("committing")]
    Committing,

    [JsonStringEnumMemberName("aborting")]
    Aborting,

    [JsonStringEnumMemberName("committed")]
    Committed,

    [JsonStringEnumMemberName("aborted")]
    Aborted,
}

/// <summary>What a coordinator's log is asked.</summary>
public abstract record TransactionLogCommand;

/// <summary>Entries of any of the log's transactions, in one write. Answered by <see cref="TransactionsWritten"/>.</summary>
public sealed record WriteTransactions(ImmutableArray<TransactionEntry> Entries) : TransactionLogCommand;

/// <summary>One transaction of the log. Answered by <see cref="TransactionFound"/>.</summary>
public sealed record ReadTransaction(string Id) : TransactionLogCommand, IEntityQuery;

/// <summary>Transactions that are not finished, oldest first. Answered by <see cref="TransactionsOpen"/>.</summary>
/// <param name="StalledMs">Only those to which nothing has happened for so long; 0 for all; null for those that another coordinator may carry on.</param>
/// <param name="For">Only those that this node may carry on; null for all.</param>
public sealed record ReadOpenTransactions(int Most, long? StalledMs, string? For, string? After = null) : TransactionLogCommand, IEntityQuery;

/// <summary>One of four.</summary>
public sealed record TransactionEntry(TransactionBegin? Begin = null, TransactionDecision? Decision = null, TransactionFinish? Finish = null, TransactionAdoption? Adoption = null)
{
    /// <summary>Of the order that it is about: nothing is meant for another one that has begun under the same id since. 0 from a node that does not say.</summary>
    [JsonIgnore]
    public long Content => Begin?.Order.Content ?? Decision?.Content ?? Finish?.Content ?? Adoption?.Content ?? 0;

    [JsonIgnore]
    public string Id => Begin?.Id ?? Decision?.Id ?? Finish?.Id ?? Adoption?.Id ?? "";
}

/// <summary>A new transaction, with its participants: written before any of them is asked, so that none can be in doubt about something that no log knows.</summary>
/// <param name="TimeoutMs">How long its coordinator waits for votes.</param>
/// <param name="PaceMs">Time that it lets pass between the votes and the decision, and again before the participants are told.</param>
public sealed record TransactionBegin(string Id, CoordinatorKind Coordinator, Order Order, string Driver, long TimeoutMs, long PaceMs);

/// <summary>Commit or abort. The first one that is written stands.</summary>
public sealed record TransactionDecision(string Id, bool Commit, string By, string? Why = null, long Content = 0);

/// <summary>Every participant has carried the decision out.</summary>
/// <param name="HeldMs">How long each that had voted yes was locked.</param>
/// <param name="IdIsAnothers">A ledger knows the id as another order's.</param>
public sealed record TransactionFinish(string Id, ImmutableArray<long> HeldMs, long Content = 0, bool IdIsAnothers = false);

/// <summary>A node offers to carry on what its driver has left lying.</summary>
public sealed record TransactionAdoption(string Id, string Driver, long Content = 0);

/// <summary>For each entry, how its transaction stands after it.</summary>
/// <param name="Log">Which one it is.</param>
public sealed record TransactionsWritten(string Log, ImmutableArray<TransactionTurn> Turns);

/// <param name="Refused">Why the entry was not taken; null when it was, or when it was known already.</param>
public sealed record TransactionTurn(string Id, TransactionPhase Phase, string Driver, string? Why = null, string? Refused = null);

public sealed record TransactionFound(TransactionRecord? Transaction);

/// <param name="Log">Which one it is.</param>
public sealed record TransactionsOpen(string Log, ImmutableArray<TransactionRecord> Transactions, int Open, long Committed, long Aborted, HeldTimes HeldReplicated, HeldTimes HeldLocal);

/// <summary>What has happened to a transaction: its journal.</summary>
public abstract record TransactionEvent(string Id, long AtUnixMs);

public sealed record TransactionBegun(TransactionRecord Transaction, long AtUnixMs) : TransactionEvent(Transaction.Id, AtUnixMs);

public sealed record TransactionDecided(string Id, long AtUnixMs, bool Commit, string? Why) : TransactionEvent(Id, AtUnixMs);

public sealed record TransactionFinished(string Id, long AtUnixMs, ImmutableArray<long> HeldMs, bool IdIsAnothers = false) : TransactionEvent(Id, AtUnixMs);

public sealed record TransactionAdopted(string Id, long AtUnixMs, string Driver) : TransactionEvent(Id, AtUnixMs);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(WriteTransactions))]
[JsonSerializable(typeof(ReadTransaction))]
[JsonSerializable(typeof(ReadOpenTransactions))]
[JsonSerializable(typeof(TransactionsWritten))]
[JsonSerializable(typeof(TransactionFound))]
[JsonSerializable(typeof(TransactionsOpen))]
[JsonSerializable(typeof(TransactionBegun))]
[JsonSerializable(typeof(TransactionDecided))]
[JsonSerializable(typeof(TransactionFinished))]
[JsonSerializable(typeof(TransactionAdopted))]
[JsonSerializable(typeof(TransactionLogState))]
internal sealed partial class TransactionLogJson : JsonSerializerContext;
