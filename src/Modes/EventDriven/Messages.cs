using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.EventDriven;

// What is published: it stands in the log as this JSON.
/// <param name="Fails">For a lab: how many attempts at handling it fail.</param>
/// <param name="Only">Sent again for one subscription; null for all.</param>
internal sealed record EventEnvelope(string Id, string Type, int Version, string Key, JsonElement Data, int Fails = 0, string? Only = null);

// What the bus's registry is asked, and what happens to it.
internal abstract record BusCommand;

/// <param name="Fields">As <see cref="EventSchema"/> reads them.</param>
internal sealed record RegisterSchema(string Type, int Version, string Fields) : BusCommand;

internal sealed record Subscribe(string Name, ImmutableArray<string> Types) : BusCommand;

internal sealed record Unsubscribe(string Name) : BusCommand;

internal sealed record ReadBus : BusCommand, IEntityQuery;

internal abstract record BusEvent;

internal sealed record SchemaRegistered(string Type, string Fields) : BusEvent;

internal sealed record Subscribed(string Name, ImmutableArray<string> Types) : BusEvent;

internal sealed record Unsubscribed(string Name) : BusEvent;

/// <param name="Schemas">By type, the fields of each version from 1.</param>
/// <param name="Subscriptions">By name, the types that it wants; none is all.</param>
internal sealed record BusState(ImmutableSortedDictionary<string, ImmutableArray<string>> Schemas, ImmutableSortedDictionary<string, ImmutableArray<string>> Subscriptions);

// What a consumer's inbox for one key is asked, and what happens to it.
internal abstract record InboxCommand;

/// <param name="Offset">In the key's partition: what is at or below the last one has been through.</param>
/// <param name="Attempt">From 1; the first <paramref name="Fails"/> fail.</param>
/// <param name="Unguarded">Only a broken consumer says so: it handles whatever comes.</param>
internal sealed record Handle(string Id, ulong Offset, decimal Amount, int Attempt, int Fails, bool Unguarded = false) : InboxCommand;

/// <summary>No more attempts: the event is passed over, unless it has been handled meanwhile.</summary>
internal sealed record GiveUp(string Id, ulong Offset) : InboxCommand;

/// <summary>The dead letter of that offset is about to be sent again: whoever delivers the old event once more must not bury it again.</summary>
internal sealed record LetGo(ulong Offset) : InboxCommand;

internal sealed record ReadInbox : InboxCommand, IEntityQuery;

internal abstract record InboxEvent;

internal sealed record EventHandled(string Id, ulong Offset, decimal Amount) : InboxEvent;

internal sealed record EventGivenUp(ulong Offset, string Id) : InboxEvent;

internal sealed record EventLetGo(ulong Offset) : InboxEvent;

/// <param name="Passed">The highest offset that has been through; null before the first.</param>
/// <param name="Total">Of all amounts: the effect.</param>
/// <param name="Handled">Ids in the order of their effect, the newest <see cref="InboxCore.RememberedIds"/>.</param>
/// <param name="GivenUp">Those that are dead letters, the newest <see cref="InboxCore.RememberedIds"/>.</param>
internal sealed record InboxState(ulong? Passed, decimal Total, long Count, ImmutableList<string> Handled, ImmutableList<GivenUpEvent> GivenUp);

/// <summary>An event that was given up.</summary>
internal sealed record GivenUpEvent(ulong Offset, string Id);

internal sealed record InboxReply(InboxOutcome Outcome);

internal enum InboxOutcome
{
    /// <summary>It has had its effect now.</summary>
    Handled,

    /// <summary>It had it before.</summary>
    Repeated,

    /// <summary>The handler failed: it may be tried again.</summary>
    Failed,

    /// <summary>It is for the dead letters.</summary>
    GivenUp,
}

// Within a node.
internal sealed record Delivered(ulong Offset, bool IsFenced);

// What clients are answered, in JSON.
internal sealed record PublishAnswer(string Id, string Type, int Version, string Key, int Partition, ulong Offset);

internal sealed record BusAnswer(IReadOnlyDictionary<string, IReadOnlyList<string>> Schemas, IReadOnlyDictionary<string, IReadOnlyList<string>> Subscriptions);

internal sealed record SubscriptionAnswer(string Subscription, long Generation, IReadOnlyDictionary<string, IReadOnlyList<int>> Consumers, ulong Lag, IReadOnlyList<SubscriptionLag> Partitions);

internal sealed record SubscriptionLag(int Partition, ulong Position, ulong End);

internal sealed record EffectsAnswer(string Subscription, string Key, long Count, decimal Total, IReadOnlyList<string> Handled, int GivenUp);

internal sealed record DeadLetterView(int Partition, ulong Offset, EventEnvelope Event);

internal sealed record DeadLettersAnswer(string Subscription, IReadOnlyList<DeadLetterView> DeadLetters);

internal sealed record RedriveAnswer(string Subscription, int Partition, ulong Offset, ulong NewOffset);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventEnvelope))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(RegisterSchema))]
[JsonSerializable(typeof(Subscribe))]
[JsonSerializable(typeof(Unsubscribe))]
[JsonSerializable(typeof(ReadBus))]
[JsonSerializable(typeof(SchemaRegistered))]
[JsonSerializable(typeof(Subscribed))]
[JsonSerializable(typeof(Unsubscribed))]
[JsonSerializable(typeof(BusState))]
[JsonSerializable(typeof(Handle))]
[JsonSerializable(typeof(GiveUp))]
[JsonSerializable(typeof(LetGo))]
[JsonSerializable(typeof(ReadInbox))]
[JsonSerializable(typeof(EventHandled))]
[JsonSerializable(typeof(EventGivenUp))]
[JsonSerializable(typeof(EventLetGo))]
[JsonSerializable(typeof(InboxState))]
[JsonSerializable(typeof(InboxReply))]
[JsonSerializable(typeof(PublishAnswer))]
[JsonSerializable(typeof(BusAnswer))]
[JsonSerializable(typeof(SubscriptionAnswer))]
[JsonSerializable(typeof(EffectsAnswer))]
[JsonSerializable(typeof(DeadLettersAnswer))]
[JsonSerializable(typeof(RedriveAnswer))]
internal sealed partial class EventDrivenJson : JsonSerializerContext;
