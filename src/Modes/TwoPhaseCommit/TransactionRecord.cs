using System.Text.Json.Serialization;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>A transaction as its coordinator's log keeps it. The participants are those of its order. Votes are not in it: whoever takes over has none, and aborts what is not decided.</summary>
/// <param name="Driver">The node that coordinates it.</param>
/// <param name="ProgressUnixMs">When something last happened to it.</param>
/// <param name="TimeoutMs">How long its coordinator waits for votes.</param>
/// <param name="PaceMs">How long it waits on purpose, so that people can watch.</param>
/// <param name="Why">Of a decision to abort.</param>
/// <param name="IdIsAnothers">A ledger knows its id as another order's. It keeps nobody from the id when it has ended, that other order least of all.</param>
public sealed record TransactionRecord(string Id, CoordinatorKind Coordinator, Order Order, TransactionPhase Phase, string Driver, long StartedUnixMs, long ProgressUnixMs, long TimeoutMs, long PaceMs, string? Why, bool IdIsAnothers = false)
{
    [JsonIgnore]
    public bool HasEnded => Phase is TransactionPhase.Committed or TransactionPhase.Aborted;
}
