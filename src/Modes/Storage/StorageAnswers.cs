using System.Text.Json.Serialization;

namespace Cluster.Modes.Storage;

/// <summary>Answers a read.</summary>
/// <param name="Value">Null where there is none. Of siblings, the one that the mode would let win.</param>
/// <param name="Version">As the mode counts them, in words of its own; null where it counts none.</param>
public sealed record StoredValue(string Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Value, string? Version)
{
    /// <summary>Values that were written side by side and that nobody has merged; null where the mode keeps one.</summary>
    public IReadOnlyList<string>? Siblings { get; init; }

    /// <summary>What was seen of the key, to be handed back with a write that replaces just that; null where the mode keeps no siblings.</summary>
    public string? Context { get; init; }

    /// <summary>How old the answer may be, in milliseconds, where the mode knows it.</summary>
    public double? AgeMs { get; init; }

    /// <summary>The node whose copy it is; null where several were asked.</summary>
    public string? From { get; init; }

    /// <summary>See <see cref="StorageOperations.Token"/>.</summary>
    public string? Token { get; init; }
}

/// <summary>Answers a write, a deletion or a compare-and-set that took effect.</summary>
/// <param name="Version">What was written, in the mode's own words.</param>
public sealed record StoredWrite(string Key, string? Version)
{
    /// <summary>How many nodes have it on their disks, as far as the writer waited; null where that is not the mode's way of counting.</summary>
    public int? Copies { get; init; }

    /// <summary>Whether there was a value before; null where the mode does not know.</summary>
    public bool? Replaced { get; init; }

    /// <summary>See <see cref="StorageOperations.Token"/>.</summary>
    public string? Token { get; init; }
}

/// <summary>Answers a scan.</summary>
/// <param name="Keys">In ordinal order: of their UTF-16 code units, or of their UTF-8 where the mode keeps keys as bytes.</param>
/// <param name="HasMore">Whether there are more after the last.</param>
public sealed record StoredKeys(IReadOnlyList<StoredValue> Keys, bool HasMore);

/// <summary>Where a key lives: the X-ray of it.</summary>
/// <param name="Owner">The node that decides about it; null where none does.</param>
/// <param name="Replicas">Every node that holds it or should, in the order of preference.</param>
public sealed record KeyWhereabouts(string Key, string? Owner, IReadOnlyList<ReplicaWhereabouts> Replicas)
{
    /// <summary>How the mode came to these nodes: the shard, the place on the ring, the distance.</summary>
    public string? Place { get; init; }

    /// <summary>The versions that are kept of it, newest first, where the mode keeps several.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>The transaction that is about to write it, and how that stands; null without one.</summary>
    public string? Intent { get; init; }

    /// <summary>Hints that wait for a node that was away, by that node.</summary>
    public IReadOnlyDictionary<string, int>? Hints { get; init; }

    /// <summary>When replicas were last compared here, in milliseconds ago; null where never, or where the mode does not.</summary>
    public double? LastRepairMsAgo { get; init; }

    /// <summary>Keys in which the replicas differed when they were last compared.</summary>
    public int? MerkleDifference { get; init; }

    /// <summary>The key's row where it lives in a database; null where it does not.</summary>
    public RowWhereabouts? Row { get; init; }
}

/// <summary>A key's row in a database, and how the asked node stands with that database.</summary>
/// <param name="Database">Host and port.</param>
/// <param name="LockedBy">Who holds the row's lock: the node, and its backend's process id; null where nobody does.</param>
/// <param name="WaitForLock">Backends that wait for the holder.</param>
/// <param name="Backends">The asked node's connections, by their backends' process ids.</param>
/// <param name="PoolInUse">Transactions of the asked node that are under way.</param>
/// <param name="PoolSize">Most of them at once.</param>
/// <param name="PoolQueue">Requests of the asked node that wait for a connection.</param>
/// <param name="WalPosition">How far the database's log had been written when it answered.</param>
public sealed record RowWhereabouts(
    string Database,
    string? LockedBy,
    IReadOnlyList<int> WaitForLock,
    IReadOnlyList<int> Backends,
    int PoolInUse,
    int PoolSize,
    int PoolQueue,
    string WalPosition);

/// <summary>What one replica has of a key.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Version">Null where it has none, or did not answer.</param>
/// <param name="State">In a word or two: <c>current</c>, <c>behind</c>, <c>missing</c>, <c>no answer</c>, <c>deleted</c>.</param>
public sealed record ReplicaWhereabouts(string Node, string? Version, string State);

/// <summary>How all of it is written. What is null is left out, except a value.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredValue))]
[JsonSerializable(typeof(StoredWrite))]
[JsonSerializable(typeof(StoredKeys))]
[JsonSerializable(typeof(KeyWhereabouts))]
internal sealed partial class StorageJson : JsonSerializerContext;
