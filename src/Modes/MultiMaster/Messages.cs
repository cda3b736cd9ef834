using System.Text.Json.Serialization;

namespace Cluster.Modes.MultiMaster;

// What a replica keeps, and what replicas send each other: whole objects, which any replica may merge any number of times in any order (state-based, Shapiro et al. 2011, section 2.1).

/// <summary>A key's state at one replica.</summary>
/// <param name="Versions">Every update of this key that the state stands for, also those of which nothing is left.</param>
/// <param name="Entries">Values, elements or fields; a register that was deleted has one without a value. Sorted by field, then by dot.</param>
/// <param name="Counts">Of a counter: what each replica has counted, sorted by replica. Null for any other type.</param>
public sealed record ReplicatedObject(string Key, ObjectType Type, VersionVector Versions, IReadOnlyList<DottedEntry> Entries, IReadOnlyList<ReplicaCount>? Counts = null);

/// <summary>A value with the update that put it there.</summary>
/// <param name="Field">Of a map: the field. Of a set: the element. Of a register: empty.</param>
/// <param name="Value">Null for an element, and for a register that was deleted.</param>
/// <param name="Stamp">Which of two is later.</param>
public sealed record DottedEntry(string Field, string? Value, HybridTimestamp Stamp, Dot Dot);

/// <summary>What one replica has counted. Both only grow, and only that replica changes them.</summary>
public sealed record ReplicaCount(string Replica, long Up, long Down);

/// <summary>An update, and the object after it: an event of the replica that took it, a message to all others at once, and an event of theirs.</summary>
public sealed record ObjectWritten(Dot Dot, ReplicatedObject State);

/// <summary>A replica took objects over from another: an event.</summary>
public sealed record ObjectsMerged(IReadOnlyList<ReplicatedObject> Objects);

/// <summary>A replica has everything that another had: an event.</summary>
public sealed record ClockRaised(VersionVector Known);

/// <summary>A replica began with an empty disk, under a name that no other has or had: its first event.</summary>
public sealed record ReplicaBorn(string Replica);

/// <summary>All of a replica, for its journal.</summary>
public sealed record ReplicaSnapshot(string Replica, VersionVector Known, IReadOnlyList<ReplicatedObject> Objects);

// Anti-entropy: now and then a replica compares itself with another one.

/// <summary>What I know, and a hash of what I have. Whoever lacks something fetches it; who lacks nothing and has another hash looks where.</summary>
/// <param name="IsReply">Sent because the other one lacks something; needs no answer.</param>
public sealed record CompareClocks(VersionVector Known, string Hash, bool IsReply);

/// <summary>Asks for objects with updates that the asker lacks.</summary>
/// <param name="Known">What it has.</param>
/// <param name="After">The last object of the page before; null for the first page.</param>
public sealed record FetchObjects(VersionVector Known, ObjectId? After);

/// <summary>Answers <see cref="FetchObjects"/>.</summary>
/// <param name="After">As asked.</param>
/// <param name="Next">Where the next page begins; null: there is none.</param>
/// <param name="Known">What the sender knew when it made the page.</param>
public sealed record FetchedObjects(ObjectId? After, IReadOnlyList<ReplicatedObject> Objects, ObjectId? Next, VersionVector Known);

/// <summary>Equal clocks and different hashes: the hash of each bucket of keys.</summary>
public sealed record CompareBuckets(IReadOnlyList<string> Hashes);

/// <summary>Asks for what is in these buckets.</summary>
public sealed record FetchBuckets(IReadOnlyList<int> Buckets);

/// <summary>What is in buckets that differ; as much as one message takes.</summary>
public sealed record BucketObjects(IReadOnlyList<ReplicatedObject> Objects);

// The X-ray of a key.

/// <summary>Asks a replica what it has of a key.</summary>
public sealed record AskVersions(long Id, string Key);

/// <summary>Answers <see cref="AskVersions"/>: <c>lww n1.3f:5,n2.0a:7</c> for each type that it has of the key.</summary>
public sealed record ToldVersions(long Id, string? Versions);

// What clients are told beyond the contract of the storage modes.

/// <summary>Answers <c>digest</c>.</summary>
/// <param name="Hash">Over all that the replica has: equal where replicas have converged.</param>
/// <param name="Known">Which updates it has.</param>
public sealed record ReplicaDigest(string Node, string Replica, string Hash, int Objects, string Known);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObjectWritten))]
[JsonSerializable(typeof(ObjectsMerged))]
[JsonSerializable(typeof(ClockRaised))]
[JsonSerializable(typeof(ReplicaBorn))]
[JsonSerializable(typeof(ReplicaSnapshot))]
[JsonSerializable(typeof(CompareClocks))]
[JsonSerializable(typeof(FetchObjects))]
[JsonSerializable(typeof(FetchedObjects))]
[JsonSerializable(typeof(CompareBuckets))]
[JsonSerializable(typeof(FetchBuckets))]
[JsonSerializable(typeof(BucketObjects))]
[JsonSerializable(typeof(AskVersions))]
[JsonSerializable(typeof(ToldVersions))]
[JsonSerializable(typeof(ReplicaDigest))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class MultiMasterJson : JsonSerializerContext;
