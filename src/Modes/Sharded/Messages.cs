using System.Text.Json.Serialization;
using Cluster.Modes.Sharded.Map;

namespace Cluster.Modes.Sharded;

// What a table's shard map can be asked. It answers each with itself.

/// <summary>What a shard map can be asked.</summary>
public abstract record MapCommand;

/// <summary>Only asks.</summary>
public sealed record ReadMap : MapCommand;

/// <summary>Cuts the table for the first time, for these nodes.</summary>
public sealed record OpenTable(IReadOnlyList<string> Nodes) : MapCommand;

/// <summary>Cuts a shard in two, if it is still at that epoch: at a place, or by taking groups out of it. Both halves stay where they are.</summary>
public sealed record SplitRow(int Shard, long Epoch, string? At, IReadOnlyList<string>? Groups) : MapCommand;

/// <summary>The shard's keys are going to be copied to a node.</summary>
public sealed record BeginMove(int Shard, long Epoch, string To) : MapCommand;

/// <summary>The node that they were copied to has all of them on its disk: it owns the shard from now on. Sent by the owner until now, and by nobody else.</summary>
public sealed record CommitMove(int Shard, long Move) : MapCommand;

/// <summary>The copy is given up.</summary>
public sealed record AbortMove(int Shard, long Move) : MapCommand;

/// <summary>The owner of a shard that was made empty has it on its disk.</summary>
public sealed record ConfirmShard(int Shard, string Owner) : MapCommand;

/// <summary>Rows were added or replaced.</summary>
public sealed record MapChanged(string Table, long Epoch, IReadOnlyList<ShardRow> Rows);

// Between a router, on every node, and the owner of a shard.

/// <summary>One call. It is sent again until it is answered, and takes effect once.</summary>
/// <param name="Client">One life of one node's router.</param>
/// <param name="Number">Of the call within it, from 1.</param>
/// <param name="FirstOpen">Every call of it on this key before this one has been answered.</param>
/// <param name="Shard">As the router's map has it, with <paramref name="Epoch"/>.</param>
public sealed record ShardCall(string Client, long Number, long FirstOpen, string Table, int Shard, long Epoch, ShardOperation Operation, string Key, string? Value = null, string? Expected = null);

/// <summary>What a client may call.</summary>
public enum ShardOperation
{
    Get,
    Put,
    Delete,
    CompareAndSet,
}

/// <summary>Answers a call: what it did is on the owner's disk.</summary>
/// <param name="Version">Writes to the key so far; 0 where there never was one.</param>
/// <param name="IsConflict">Another value stood there than expected; nothing has changed.</param>
/// <param name="Replaced">Of a write: there was a value before.</param>
public sealed record ShardAnswer(long Number, string? Value, long Version, bool IsConflict = false, bool Replaced = false);

/// <summary>Answers a call that came by an old map, or to the wrong node: ask for a map of at least that epoch, and send it where that says.</summary>
public sealed record ShardElsewhere(long Number, string Table, long Epoch);

/// <summary>Answers a call to a shard whose keys are gone: no copy of it will be carried out.</summary>
public sealed record ShardRefused(long Number, string Why);

/// <summary>Asks the owner of a shard for a page of its keys that begin with a prefix, behind a key, in order. Answered as a call is, or by <see cref="ShardPage"/>.</summary>
public sealed record ShardScan(long Number, string Table, int Shard, long Epoch, string Prefix, string After, int Limit);

/// <summary>The page.</summary>
/// <param name="HasMore">The shard has more behind the last.</param>
public sealed record ShardPage(long Number, int Shard, long Epoch, IReadOnlyList<PageEntry> Entries, bool HasMore);

/// <summary>A key of it.</summary>
public sealed record PageEntry(string Key, string Value, long Version);

/// <summary>To the owner of a shard: split it. Answered by <see cref="OrderTaken"/>.</summary>
/// <param name="At">Where; null: where its load is halved.</param>
public sealed record SplitOrder(long Number, string Table, int Shard, string? At = null);

/// <summary>To the owner of a shard: move it to a node.</summary>
public sealed record MoveOrder(long Number, string Table, int Shard, string To);

/// <summary>Answers an order: it is being carried out, or why not.</summary>
public sealed record OrderTaken(long Number, string? WhyNot);

// Between two owners.

/// <summary>Entries of a shard that is on the move; sent again until it is acknowledged. One that comes late does no harm: of two states of a key the later one stays.</summary>
/// <param name="Batch">Within the life of the sender.</param>
public sealed record ShardBatch(string Table, int Shard, long Move, long Batch, IReadOnlyList<Owner.KeyEntry> Entries);

/// <summary>They are on the disk.</summary>
public sealed record BatchStored(string Table, int Shard, long Move, long Batch);

/// <summary>Somebody has seen that epoch: whoever is told looks at the map.</summary>
public sealed record MapMoved(string Table, long Epoch);

// What an owner keeps: events of its journal, and the state that they add up to.

/// <summary>This node owns the shard: it was made here, or its last key has arrived.</summary>
public sealed record ShardAdopted(string Table, ShardRow Row);

/// <summary>A key was written, or a comparison with it has failed: its whole state, with which calls have been carried out on it and denied.</summary>
public sealed record EntryWritten(string Table, Owner.KeyEntry Entry);

/// <summary>A shard was cut in two.</summary>
public sealed record ShardSplit(string Table, ShardRow Left, ShardRow Right);

/// <summary>The shard serves nobody until its move has ended one way or the other.</summary>
public sealed record SwitchBegun(string Table, int Shard, long Move);

/// <summary>The move was given up: the shard serves again.</summary>
public sealed record SwitchEnded(string Table, int Shard);

/// <summary>Another node owns the shard now.</summary>
public sealed record ShardGivenAway(string Table, int Shard, long Epoch, string To);

/// <summary>Entries of a shard on its way here have arrived.</summary>
public sealed record BatchReceived(string Table, int Shard, long Move, IReadOnlyList<Owner.KeyEntry> Entries);

/// <summary>A shard was on its way here, and is not any more.</summary>
public sealed record ArrivalDropped(string Table, int Shard);

/// <summary>Everything that a node owns, or has of what is on its way to it, for its journal.</summary>
public sealed record OwnerSnapshot(IReadOnlyList<ShardSnapshot> Shards, IReadOnlyList<ArrivalSnapshot> Arrivals);

/// <summary>A shard that is owned.</summary>
public sealed record ShardSnapshot(string Table, ShardRow Row, long? Switching, IReadOnlyList<Owner.KeyEntry> Entries);

/// <summary>A shard on its way.</summary>
public sealed record ArrivalSnapshot(string Table, int Shard, long Move, IReadOnlyList<Owner.KeyEntry> Entries);

// Load, told to the balancer.

/// <summary>What an owner's shards had to do in the last interval.</summary>
public sealed record LoadReport(string Node, IReadOnlyList<Balancing.ShardLoad> Shards);

/// <summary>To the balancer: what it knows.</summary>
public sealed record AskLoads(long Number);

/// <summary>Its answer.</summary>
public sealed record LoadsTold(long Number, IReadOnlyList<LoadReport> Reports);

/// <summary>Answers <c>shards</c>.</summary>
public sealed record ShardListing(string Table, long Epoch, IReadOnlyList<ShardLine> Shards);

/// <summary>One shard of it.</summary>
/// <param name="CallsPerSecond">Null where nothing has been told of it lately.</param>
/// <param name="HottestShare">The share of its calls that go to one place: what no split can divide.</param>
public sealed record ShardLine(int Shard, string Places, string Owner, long Epoch, string? MovingTo, double? CallsPerSecond, int? Keys, double? HottestShare, bool IsHot);

/// <summary>Answers <c>split</c> and <c>move</c>: it is under way; <c>shards</c> shows it.</summary>
public sealed record OrderBegun(string Table, int Shard, string Owner);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShardMap))]
[JsonSerializable(typeof(ReadMap))]
[JsonSerializable(typeof(OpenTable))]
[JsonSerializable(typeof(SplitRow))]
[JsonSerializable(typeof(BeginMove))]
[JsonSerializable(typeof(CommitMove))]
[JsonSerializable(typeof(AbortMove))]
[JsonSerializable(typeof(ConfirmShard))]
[JsonSerializable(typeof(MapChanged))]
[JsonSerializable(typeof(ShardCall))]
[JsonSerializable(typeof(ShardAnswer))]
[JsonSerializable(typeof(ShardElsewhere))]
[JsonSerializable(typeof(ShardRefused))]
[JsonSerializable(typeof(ShardScan))]
[JsonSerializable(typeof(ShardPage))]
[JsonSerializable(typeof(SplitOrder))]
[JsonSerializable(typeof(MoveOrder))]
[JsonSerializable(typeof(OrderTaken))]
[JsonSerializable(typeof(ShardBatch))]
[JsonSerializable(typeof(BatchStored))]
[JsonSerializable(typeof(MapMoved))]
[JsonSerializable(typeof(ShardAdopted))]
[JsonSerializable(typeof(EntryWritten))]
[JsonSerializable(typeof(ShardSplit))]
[JsonSerializable(typeof(SwitchBegun))]
[JsonSerializable(typeof(SwitchEnded))]
[JsonSerializable(typeof(ShardGivenAway))]
[JsonSerializable(typeof(BatchReceived))]
[JsonSerializable(typeof(ArrivalDropped))]
[JsonSerializable(typeof(OwnerSnapshot))]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(AskLoads))]
[JsonSerializable(typeof(LoadsTold))]
[JsonSerializable(typeof(ShardListing))]
[JsonSerializable(typeof(OrderBegun))]
internal sealed partial class ShardedJson : JsonSerializerContext;
