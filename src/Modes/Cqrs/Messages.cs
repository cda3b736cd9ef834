using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.Cqrs;

// What happens to an order: it stands in the event store as this JSON.
/// <param name="Command">The id of the command that led to it: one that is sent again finds it, and does nothing.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "happened")]
[JsonDerivedType(typeof(OrderPlaced), "placed")]
[JsonDerivedType(typeof(OrderPaid), "paid")]
[JsonDerivedType(typeof(OrderShipped), "shipped")]
[JsonDerivedType(typeof(OrderCancelled), "cancelled")]
internal abstract record OrderEvent(string Command, string Customer, string Item, decimal Amount);

internal sealed record OrderPlaced(string Command, string Customer, string Item, decimal Amount) : OrderEvent(Command, Customer, Item, Amount);

internal sealed record OrderPaid(string Command, string Customer, string Item, decimal Amount) : OrderEvent(Command, Customer, Item, Amount);

internal sealed record OrderShipped(string Command, string Customer, string Item, decimal Amount) : OrderEvent(Command, Customer, Item, Amount);

internal sealed record OrderCancelled(string Command, string Customer, string Item, decimal Amount) : OrderEvent(Command, Customer, Item, Amount);

/// <summary>What an order is asked to do.</summary>
/// <param name="Verb">place, pay, ship or cancel.</param>
internal sealed record OrderCommand(string Id, string Verb, string Customer, string Item, decimal Amount);

// A view of one projection on one partition of the event store: what it is asked, and what happens to it.
internal abstract record ViewCommand;

/// <param name="From">Where the view must stand: else it has these already, or not yet those before them.</param>
/// <param name="IsApart">Only a broken projector says so: the rows are taken, the position is not compared and stays, to be noted later by an advance without rows.</param>
internal sealed record Project(ulong From, ulong To, ImmutableArray<RowChange> Changes, bool IsApart = false) : ViewCommand;

internal sealed record Clear : ViewCommand;

internal sealed record WhereIs : ViewCommand, IEntityQuery;

/// <param name="Row">Null for a page of them.</param>
/// <param name="After">The page begins after this row; null for the first.</param>
internal sealed record ReadRows(string? Row, string? After = null) : ViewCommand, IEntityQuery;

internal abstract record ViewEvent;

internal sealed record ViewAdvanced(ulong To, ImmutableArray<RowChange> Changes) : ViewEvent;

internal sealed record ViewCleared : ViewEvent;

/// <param name="Status">Null to leave it.</param>
internal sealed record RowChange(string Row, string? Status, long Count, decimal Amount);

internal sealed record Row(string? Status, long Count, decimal Amount);

/// <param name="Position">Events below it are in the rows: kept with them, so that no event is in twice or not at all.</param>
internal sealed record ViewState(ulong Position, ImmutableSortedDictionary<string, Row> Rows);

internal sealed record ViewPosition(ulong Position);

// The registry of projections.
internal abstract record ProjectionCommand;

internal sealed record Rebuild(string Name) : ProjectionCommand;

internal sealed record Switch(string Name, long Generation) : ProjectionCommand;

internal sealed record Hold(string Name, bool IsPaused) : ProjectionCommand;

internal sealed record ReadProjections : ProjectionCommand, IEntityQuery;

internal sealed record ProjectionChanged(string Name, Projection Projection);

/// <param name="Live">The generation that answers.</param>
/// <param name="Building">The one that is being built beside it; null for none.</param>
internal sealed record Projection(long Live, long? Building, bool IsPaused);

internal sealed record ProjectionsState(ImmutableSortedDictionary<string, Projection> Projections);

// Within a node: where a view stands.
internal sealed record Positioned(long Generation, int Partition, ulong Position);

// What clients are answered, in JSON.
/// <param name="Version">Of the order after it.</param>
/// <param name="Token">Given to a query, it makes the query wait for what this command did.</param>
internal sealed record CommandAnswer(string Id, string Status, ulong Version, string Token, bool Repeated);

/// <param name="Command">Which led to it.</param>
internal sealed record HistoryEvent(string Happened, string Command);

internal sealed record HistoryAnswer(string Id, ulong Version, string Status, IReadOnlyList<HistoryEvent> Events);

internal sealed record OrderAnswer(string Id, string Status, long Version, decimal Amount, ulong Position);

/// <param name="Next">After this row others may follow; null where these are all.</param>
internal sealed record ViewAnswer(string Projection, long Generation, ulong Lag, IReadOnlyDictionary<string, Row> Rows, string? Next);

/// <param name="Lag">Null where it could not be read after a change.</param>
internal sealed record ProjectionView(string Name, long Live, long? Building, bool IsPaused, ulong? Lag, ulong? BuildingLag);

/// <param name="Events">Null where it could not be read after a change.</param>
internal sealed record ProjectionsAnswer(ulong? Events, IReadOnlyList<ProjectionView> Projections);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OrderEvent))]
[JsonSerializable(typeof(Project))]
[JsonSerializable(typeof(Clear))]
[JsonSerializable(typeof(WhereIs))]
[JsonSerializable(typeof(ReadRows))]
[JsonSerializable(typeof(ViewAdvanced))]
[JsonSerializable(typeof(ViewCleared))]
[JsonSerializable(typeof(ViewState))]
[JsonSerializable(typeof(ViewPosition))]
[JsonSerializable(typeof(Rebuild))]
[JsonSerializable(typeof(Switch))]
[JsonSerializable(typeof(Hold))]
[JsonSerializable(typeof(ReadProjections))]
[JsonSerializable(typeof(ProjectionChanged))]
[JsonSerializable(typeof(ProjectionsState))]
[JsonSerializable(typeof(CommandAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(ViewAnswer))]
[JsonSerializable(typeof(ProjectionsAnswer))]
internal sealed partial class CqrsJson : JsonSerializerContext;
