using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>How an order ended: <c>committed</c> or <c>aborted</c>.</summary>
internal sealed record OutcomeView(string Id, string Outcome, string? Why);

internal sealed record TransactionView(
    string Id, CoordinatorKind Coordinator, TransactionPhase Phase, string Driver, Order Order, DateTimeOffset StartedAt, DateTimeOffset ProgressAt, string? Why, LookView? Ledgers);

/// <param name="Transactions">The oldest first.</param>
internal sealed record InDoubtView(int Open, IReadOnlyList<InDoubtRow> Transactions);

/// <param name="Ledgers">Those that may be locked for it.</param>
/// <param name="WaitsFor">Who can resolve it.</param>
internal sealed record InDoubtRow(string Id, CoordinatorKind Coordinator, TransactionPhase Phase, string Driver, DateTimeOffset StartedAt, IReadOnlyList<string> Ledgers, string WaitsFor);

internal sealed record FiguresView(int Open, long Committed, long Aborted, BlockedView Replicated, BlockedView Local);

/// <summary>For how long ledgers were locked, from a vote to its commit or abort; percentiles to a factor of two.</summary>
internal sealed record BlockedView(long Locks, long P50Ms, long P99Ms, long LongestMs);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OutcomeView))]
[JsonSerializable(typeof(TransactionView))]
[JsonSerializable(typeof(InDoubtView))]
[JsonSerializable(typeof(FiguresView))]
internal sealed partial class TransactionJson : JsonSerializerContext;
