using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.CapTunable;

// A partition of the keys is an entity: a Raft group holds it, a leader decides for it, and every replica applies it.

/// <summary>What a partition can be asked.</summary>
public abstract record PartitionCommand;

/// <summary>Writes a key, whatever is there, or takes it away.</summary>
/// <param name="Value">Null: takes it away.</param>
/// <param name="Seen">What the writer had seen of all partitions (<see cref="SessionToken"/>): whoever reads the value has seen that, too. Null: nothing.</param>
public sealed record WriteKey(string Key, string? Value, string? Seen = null) : PartitionCommand;

/// <summary>Writes a key if the expected value stands there; null: if there is none.</summary>
public sealed record CompareKey(string Key, string? Expected, string Value, string? Seen = null) : PartitionCommand;

/// <summary>Reads a key. What may be answered from where is the asker's choice.</summary>
public sealed record ReadKey(string Key) : PartitionCommand, IEntityQuery;

/// <summary>How far the partition is.</summary>
public sealed record ReadPosition : PartitionCommand, IEntityQuery;

/// <summary>Answers a write.</summary>
/// <param name="Position">Of the partition, with this write; or where it was when it refused.</param>
/// <param name="IsConflict">Another value stood there than expected; nothing has changed.</param>
public sealed record KeyWritten(long Position, bool IsConflict = false);

/// <summary>Answers <see cref="ReadKey"/>, and <see cref="ReadPosition"/> without a key.</summary>
/// <param name="Position">Of the replica that answered: it has applied so many writes of the partition.</param>
/// <param name="Written">Which of them the value is; 0: none was.</param>
public sealed record KeyRead(long Position, long Written = 0, string? Value = null, string? Seen = null);

// What happened.

/// <summary>A key was written, or taken away.</summary>
public sealed record KeyChanged(string Key, string? Value, string? Seen);

/// <summary>A partition after so many writes.</summary>
/// <param name="Position">How many there were.</param>
/// <param name="Bytes">Of its keys in JSON, at most; counted as they come and go.</param>
public sealed record PartitionState(long Position, ImmutableSortedDictionary<string, StoredKey> Keys, long Bytes);

/// <summary>A key as it stands.</summary>
/// <param name="Written">The position of the write.</param>
public sealed record StoredKey(string? Value, long Written, string? Seen);

// Between the doors of two nodes, for the X-ray of a key.

/// <summary>Asks what you would answer to an eventual read.</summary>
public sealed record Peek(string Key);

/// <summary>That it would be.</summary>
public sealed record Peeked(string From, long Position, long Written, bool HasValue);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WriteKey))]
[JsonSerializable(typeof(CompareKey))]
[JsonSerializable(typeof(ReadKey))]
[JsonSerializable(typeof(ReadPosition))]
[JsonSerializable(typeof(KeyWritten))]
[JsonSerializable(typeof(KeyRead))]
[JsonSerializable(typeof(KeyChanged))]
[JsonSerializable(typeof(PartitionState))]
[JsonSerializable(typeof(Peek))]
[JsonSerializable(typeof(Peeked))]
internal sealed partial class CapTunableJson : JsonSerializerContext;
