using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Modes.Shop;

/// <summary>A ledger as clients see it.</summary>
/// <param name="Opening">What it opened with: what is left and what its orders hold add up to it.</param>
/// <param name="LockedBy">Two-phase commit: the order that holds its lock.</param>
public sealed record LedgerView(string At, string Name, long Opening, long Available, string? LockedBy, IReadOnlyDictionary<string, LedgerEntryView> Orders);

/// <param name="State">As in <see cref="EntryState"/>, in lower case with hyphens.</param>
public sealed record LedgerEntryView(EntryState State, long Amount);

/// <summary>What a reader finds of one order at each participant: a state of <see cref="EntryState"/>, or none.</summary>
public sealed record LookView(string Id, string Stock, string Payment, string Shipping);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerView))]
[JsonSerializable(typeof(LookView))]
[JsonSerializable(typeof(EntryState))]
internal sealed partial class ShopJson : JsonSerializerContext;
