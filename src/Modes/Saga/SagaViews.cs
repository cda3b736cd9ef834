using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>How an order ended: <c>completed</c> or <c>compensated</c>; <c>started</c> where nobody waited for its end.</summary>
internal sealed record SagaOutcomeView(string Id, string Outcome, string? Why);

/// <summary>A saga for people: where it is, and what has happened to each step.</summary>
internal sealed record SagaView(
    string Id, SagaStyle Style, SagaPhase Phase, string Driver, Order Order, DateTimeOffset StartedAt, DateTimeOffset Deadline, DateTimeOffset ProgressAt, string? Why, IReadOnlyList<SagaStepView> Steps, LookView? Ledgers);

/// <param name="State"><c>waits</c>, <c>under way</c>, <c>done</c>, <c>refused</c>, <c>expired</c>, <c>compensating</c>, <c>compensated</c>, <c>not reached</c>.</param>
internal sealed record SagaStepView(string Step, string Kind, string At, string Ledger, string State, int Attempts, DateTimeOffset? When, string? Why);

internal sealed record SagaListView(int Open, IReadOnlyList<SagaRowView> Sagas);

internal sealed record SagaRowView(string Id, SagaStyle Style, SagaPhase Phase, string? Step, string Driver, DateTimeOffset StartedAt);

internal sealed record SagaFiguresView(int Open, long Completed, long Compensated);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SagaOutcomeView))]
[JsonSerializable(typeof(SagaView))]
[JsonSerializable(typeof(SagaListView))]
[JsonSerializable(typeof(SagaFiguresView))]
internal sealed partial class SagaJson : JsonSerializerContext;
