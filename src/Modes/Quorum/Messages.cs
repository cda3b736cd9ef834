using System.Text.Json.Serialization;

namespace Cluster.Modes.Quorum;

// Between a node that coordinates a request and the replicas. Each is sent again until it is answered, and does no harm twice.

/// <summary>Asks a replica what it has of a key.</summary>
/// <param name="Id">Of the request, in one life of one node.</param>
/// <param name="Ring">Who the sender takes for members (<see cref="HashRing.Id"/>); 0: whoever you take for them, any answer is welcome.</param>
/// <param name="CounterOnly">The first round of a write needs no values.</param>
/// <param name="WithHints">For the X-ray of a key: tell also for whom you keep it.</param>
public sealed record ReadKey(long Id, ulong Ring, string Key, bool CounterOnly = false, bool WithHints = false);

/// <summary>What a replica has of a key, on its disk: its own copy, and what it keeps for others.</summary>
/// <param name="Counter">Every later write of the key must have a higher one: also of what was forgotten here (tombstones).</param>
/// <param name="State">Null: nothing, or only the counter was asked for.</param>
/// <param name="Hints">For whom it keeps the key; null for nobody.</param>
/// <param name="ComparedMsAgo">With the hints: when its trees were last compared with another's; null: never.</param>
/// <param name="Difference">With the hints: keys that differed then.</param>
public sealed record KeyRead(long Id, string From, long Counter, KeyState? State = null, IReadOnlyList<string>? Hints = null, double? ComparedMsAgo = null, int? Difference = null);

/// <summary>Have a replica join this in, and answer when it is on its disk.</summary>
/// <param name="Id">0: no answer is wanted. The read repair of a reader that has gone.</param>
/// <param name="Ring">As in <see cref="ReadKey"/>.</param>
/// <param name="HintFor">It is not for you, but for that node, which cannot be reached: hand it over when it can (Dynamo, section 4.6).</param>
public sealed record StoreKey(long Id, ulong Ring, string Key, KeyState State, string? HintFor = null);

/// <summary>It is on the disk there.</summary>
public sealed record KeyStored(long Id, string From);

/// <summary>Gives a value that is written with a context to the replica that numbers it.</summary>
/// <param name="Known">What the asked replicas had of the key.</param>
/// <param name="Counter">Of the version's tag, at least.</param>
/// <param name="Write">Drawn at random: the same again is the same write.</param>
/// <param name="Value">Null: a deletion.</param>
public sealed record AddVersion(long Id, ulong Ring, string Key, KeyState Known, long Counter, long Write, ClientContext Context, string? Value = null);

/// <summary>The version has its number, and is on the disk there: now the others are to have this state, too.</summary>
public sealed record VersionAdded(long Id, string From, KeyState State);

/// <summary>It was not done.</summary>
/// <param name="IsFinal">And will not be, however often it comes: the key has too many versions side by side, or too long a history. Otherwise asking again may help.</param>
public sealed record QuorumRefused(long Id, string From, string Why, bool IsFinal = false);

// Between replicas: what was missed is brought after.

/// <summary>Keys that were kept for the receiver while it could not be reached, or whose place has moved to it.</summary>
/// <param name="Number">Of the hand-off, in one life of the sender.</param>
public sealed record HandOff(long Number, string From, ulong Ring, IReadOnlyList<KeyCopy> Keys);

/// <summary>They are on the receiver's disk: the sender can forget them.</summary>
public sealed record HandOffTaken(long Number, string From);

/// <summary>A key with what somebody has of it.</summary>
public sealed record KeyCopy(string Key, KeyState State);

/// <summary>Hashes of the sender's Merkle tree over the keys that both are to have. The receiver answers with its children of those that differ, level by level, or with none: no difference.</summary>
/// <param name="Level">0: the root.</param>
public sealed record CompareTrees(string From, ulong Ring, int Level, IReadOnlyList<TreeHash> Hashes);

/// <summary>One node of a Merkle tree: its place on its level, and its hash.</summary>
public sealed record TreeHash(int Index, ulong Hash);

/// <summary>The sender's keys in leaves that differ.</summary>
public sealed record CompareKeys(string From, ulong Ring, IReadOnlyList<int> Leaves, IReadOnlyList<KeyDigest> Keys);

/// <summary>A key, and the digest of what somebody has of it.</summary>
public sealed record KeyDigest(string Key, ulong Digest);

/// <summary>What the sender has and the receiver has not, or otherwise; and keys that the sender wants in turn.</summary>
public sealed record RepairKeys(string From, ulong Ring, IReadOnlyList<KeyCopy> Keys, IReadOnlyList<string> Wanted);

// Tombstones are forgotten only when every member has said twice, far apart, that it has nothing else of the key.

/// <summary>Asks a member whether of these keys it has these tombstones, or nothing and no hint.</summary>
/// <param name="Number">Of the question, in one life of the sender.</param>
public sealed record ProposeForgetting(string From, ulong Ring, IReadOnlyList<KeyDigest> Tombstones, long Number = 0);

/// <summary>Of these it is so.</summary>
/// <param name="Number">Of the question.</param>
public sealed record ConfirmForgetting(string From, ulong Ring, IReadOnlyList<KeyDigest> Tombstones, long Number = 0);

/// <summary>Every member has confirmed these twice: forget them, where nothing has happened to them since.</summary>
public sealed record ForgetTombstones(string From, ulong Ring, IReadOnlyList<KeyDigest> Tombstones);

// What a replica keeps: events.

/// <summary>This was joined into the key.</summary>
public sealed record StateJoined(string Key, KeyState State);

/// <summary>A version was numbered here, and joined into the key with what was known of it.</summary>
/// <param name="Stay">Under which it was numbered, and later ones will be; null in journals of a time when dots had the node's name: the next one begins a stay.</param>
public sealed record VersionNumbered(string Key, KeyState State, long Sequence, long Write, string? Stay = null);

/// <summary>A version was not numbered, since its key cannot take one more, and never will be: whoever wrote it is told so.</summary>
public sealed record VersionRefused(long Write, string Why);

/// <summary>This was kept for another node.</summary>
public sealed record HintKept(string For, string Key, KeyState State);

/// <summary>That node has these: they are kept for it no longer, where nothing has come to them since.</summary>
public sealed record HintsForgotten(string For, IReadOnlyList<KeyDigest> Keys);

/// <summary>The key's place is elsewhere, and a hint carries it there: it is not kept here any longer, where nothing has come to it since.</summary>
public sealed record KeyMoved(string Key, ulong Digest);

/// <summary>A tombstone was forgotten, where nothing has come to it since.</summary>
/// <param name="Counter">The highest of the key: later writes must be above it.</param>
public sealed record TombstoneCollected(string Key, long Counter);

/// <summary>All that a replica keeps, for its journal.</summary>
/// <param name="Sequence">The last that it gave.</param>
/// <param name="Collected">The highest counter of a tombstone that was forgotten.</param>
/// <param name="Recent">Writes with a context that it numbered, the oldest first.</param>
/// <param name="Stays">Of keys that it has numbered versions of since it has them.</param>
/// <param name="Refused">Writes with a context that it refused for good, the oldest first.</param>
public sealed record ReplicaSnapshot(
    IReadOnlyList<KeyCopy> Keys,
    IReadOnlyList<HintKept> Hints,
    long Sequence,
    long Collected,
    IReadOnlyList<long> Recent,
    IReadOnlyList<KeyStay>? Stays = null,
    IReadOnlyList<VersionRefused>? Refused = null);

/// <summary>Under what a replica numbers a key's versions (<see cref="Dot"/>).</summary>
public sealed record KeyStay(string Key, string Stay);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReadKey))]
[JsonSerializable(typeof(KeyRead))]
[JsonSerializable(typeof(StoreKey))]
[JsonSerializable(typeof(KeyStored))]
[JsonSerializable(typeof(AddVersion))]
[JsonSerializable(typeof(VersionAdded))]
[JsonSerializable(typeof(QuorumRefused))]
[JsonSerializable(typeof(HandOff))]
[JsonSerializable(typeof(HandOffTaken))]
[JsonSerializable(typeof(CompareTrees))]
[JsonSerializable(typeof(CompareKeys))]
[JsonSerializable(typeof(RepairKeys))]
[JsonSerializable(typeof(ProposeForgetting))]
[JsonSerializable(typeof(ConfirmForgetting))]
[JsonSerializable(typeof(ForgetTombstones))]
[JsonSerializable(typeof(StateJoined))]
[JsonSerializable(typeof(VersionNumbered))]
[JsonSerializable(typeof(VersionRefused))]
[JsonSerializable(typeof(HintKept))]
[JsonSerializable(typeof(HintsForgotten))]
[JsonSerializable(typeof(KeyMoved))]
[JsonSerializable(typeof(TombstoneCollected))]
[JsonSerializable(typeof(ReplicaSnapshot))]
internal sealed partial class QuorumJson : JsonSerializerContext;
