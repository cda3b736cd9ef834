using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

// A group of a region's keys is an entity in every cluster: in its home it takes writes, elsewhere it follows. Consensus within a cluster, none between them.

/// <summary>What a group can be asked.</summary>
[JsonDerivedType(typeof(WriteKey), "write")]
[JsonDerivedType(typeof(CompareKey), "compare")]
[JsonDerivedType(typeof(ReadKey), "read")]
[JsonDerivedType(typeof(ListKeys), "list")]
[JsonDerivedType(typeof(HandOver), "hand-over")]
[JsonDerivedType(typeof(TakeHome), "take-home")]
public abstract record GroupCommand
{
    /// <summary>The cluster whose copy of the group is asked: whoever asks it says so, since an entity does not know where it lives.</summary>
    public string Here { get; init; } = "";
}

/// <summary>Writes a key, or takes it away, if this is its home.</summary>
/// <param name="Value">Null: takes it away.</param>
public sealed record WriteKey(string Key, string? Value) : GroupCommand;

/// <summary>Writes a key if the expected value stands there (null: none), if this is its home.</summary>
public sealed record CompareKey(string Key, string? Expected, string Value) : GroupCommand;

/// <summary>Reads a key.</summary>
/// <param name="Anywhere">Also from a cluster that is not its home, which may be behind.</param>
public sealed record ReadKey(string Key, bool Anywhere) : GroupCommand, IEntityQuery;

/// <summary>Lists keys of the group in order.</summary>
public sealed record ListKeys(string Prefix, string After, int Limit, bool Anywhere) : GroupCommand, IEntityQuery;

/// <summary>How the group stands.</summary>
public sealed record ReadStanding : GroupCommand, IEntityQuery;

/// <summary>What another cluster lacks: records after that version, in their order.</summary>
/// <param name="Digest">Whether it wants to compare, too.</param>
public sealed record ReadAfter(WriteVersion After, int Most, bool Digest) : GroupCommand, IEntityQuery;

/// <summary>Writes that no later home has seen, in their order.</summary>
public sealed record ReadTail(int Most) : GroupCommand, IEntityQuery;

/// <summary>Writes that lost against others, newest last.</summary>
public sealed record ReadConflicts : GroupCommand, IEntityQuery;

/// <summary>What the home has written after <paramref name="After"/>, up to <paramref name="UpTo"/>.</summary>
/// <param name="Epochs">The homes as the sender knows them.</param>
/// <param name="Digest">Of all that stands at <paramref name="UpTo"/>; null: not to be compared.</param>
public sealed record Replicate(ImmutableArray<HomeEpoch> Epochs, WriteVersion After, ImmutableArray<StoredRecord> Records, WriteVersion UpTo, string? Digest) : GroupCommand;

/// <summary>A cluster has everything up to there on a majority's disks.</summary>
/// <param name="Tail">How many writes it has that the home has not.</param>
public sealed record Acknowledge(string Cluster, WriteVersion Position, int Tail) : GroupCommand;

/// <summary>There have been other homes.</summary>
public sealed record LearnEpochs(ImmutableArray<HomeEpoch> Epochs) : GroupCommand;

/// <summary>Writes that an earlier home took and nobody replicated: what becomes of each is the home's to decide.</summary>
/// <param name="ByWallClock">The broken variant: whose clock showed more wins.</param>
public sealed record MergeTail(ImmutableArray<StoredRecord> Records, bool ByWallClock) : GroupCommand;

/// <summary>Failover: this cluster is the home from now on, whatever the present one says.</summary>
public sealed record TakeHome : GroupCommand;

/// <summary>The planned move: no more writes here until that cluster has all of them, then it is the home.</summary>
public sealed record HandOver(string To) : GroupCommand;

/// <summary>What a group answers.</summary>
[JsonDerivedType(typeof(KeyWritten), "written")]
[JsonDerivedType(typeof(KeyRead), "value")]
[JsonDerivedType(typeof(KeysListed), "listed")]
[JsonDerivedType(typeof(NotHome), "not-home")]
[JsonDerivedType(typeof(GroupStanding), "standing")]
public abstract record GroupReply;

/// <param name="IsConflict">Another value stood there than expected; nothing has changed.</param>
public sealed record KeyWritten(WriteVersion Version, bool Replaced, bool IsConflict = false) : GroupReply;

/// <param name="Version">Also of a key that was taken away; none where nothing ever was.</param>
public sealed record KeyRead(string? Value, WriteVersion Version) : GroupReply;

public sealed record KeysListed(ImmutableArray<StoredRecord> Records) : GroupReply;

/// <summary>Nothing has changed: writes and reads of this group go to its home.</summary>
/// <param name="MovesTo">It is the home, but on its way to that cluster, and takes no writes meanwhile.</param>
public sealed record NotHome(HomeEpoch Home, string? MovesTo) : GroupReply;

/// <summary>How a cluster's copy of a group stands.</summary>
/// <param name="Position">The last write of the homes' order that it has.</param>
/// <param name="Tail">Writes that no later home has seen.</param>
/// <param name="Acknowledged">Of the home: how far each other cluster is.</param>
/// <param name="Conflicts">Writes that lost here so far.</param>
/// <param name="Recovered">Writes of a tail that were taken up again here.</param>
/// <param name="Resync">After which version it asks for records, where that is not its position.</param>
/// <param name="Repairs">Times that a digest differed, and everything was sent again.</param>
public sealed record GroupStanding(
    string Group, ImmutableArray<HomeEpoch> Epochs, WriteVersion Position, int Keys, int Tail, string? MovesTo, ImmutableSortedDictionary<string, WriteVersion> Acknowledged, long Conflicts, long Recovered, long Repairs, WriteVersion? Resync)
    : GroupReply
{
    public HomeEpoch Home => Lineage.Current(Epochs, RegionMap.RegionOf(Group));
}

public sealed record StreamRead(ImmutableArray<HomeEpoch> Epochs, bool IsHome, ImmutableArray<StoredRecord> Records, WriteVersion UpTo, WriteVersion Position, string? Digest);

public sealed record TailRead(ImmutableArray<StoredRecord> Records);

public sealed record ConflictsRead(long Total, ImmutableArray<LostWrite> Newest);

// What has happened to a group.

public abstract record GroupEvent;

/// <summary>The home took a write.</summary>
public sealed record KeyChanged(StoredRecord Record) : GroupEvent;

/// <summary>The home's writes have come here.</summary>
public sealed record RecordsFollowed(ImmutableArray<StoredRecord> Records, WriteVersion UpTo) : GroupEvent;

/// <summary>The copy here is not what the home has: it begins from the start.</summary>
public sealed record DifferenceFound : GroupEvent;

public sealed record PositionAcknowledged(string Cluster, WriteVersion Position) : GroupEvent;

/// <summary>From now on these have been the homes.</summary>
public sealed record EpochsChanged(ImmutableArray<HomeEpoch> Epochs) : GroupEvent;

public sealed record MoveBegun(string To, long SinceMs) : GroupEvent;

public sealed record MoveGivenUp : GroupEvent;

/// <summary>Of a tail: what was taken up again, and what lost.</summary>
/// <param name="Until">Each earlier epoch's number up to which its tail is settled.</param>
public sealed record TailSettled(ImmutableArray<StoredRecord> Recovered, ImmutableArray<LostWrite> Lost, ImmutableArray<WriteVersion> Until) : GroupEvent;

/// <summary>A key as it stands.</summary>
/// <param name="Value">Null: it was taken away.</param>
/// <param name="WallMs">What the deciding node's clock said, in milliseconds since 1970: told to people, and used by nothing but the broken variant.</param>
/// <param name="Was">Its version before a later home took it up again; null for one that was replicated in time.</param>
public sealed record StoredRecord(string Key, string? Value, WriteVersion Version, long WallMs, WriteVersion? Was = null);

/// <summary>An acknowledged write that another one of a later home prevailed over: kept to be looked at.</summary>
public sealed record LostWrite(string Key, string? Value, WriteVersion Version, WriteVersion WonBy);

/// <summary>A group in one cluster.</summary>
/// <param name="Tail">Keys whose record no later home has seen.</param>
/// <param name="Resync">While everything is sent again because a digest differed: how far that is. Null: nothing is.</param>
/// <param name="Settled">Of each earlier epoch, how far its tail was settled here, so that one that is sent again changes nothing.</param>
public sealed record GroupState(
    ImmutableArray<HomeEpoch> Epochs,
    WriteVersion Position,
    ImmutableSortedDictionary<string, StoredRecord> Keys,
    ImmutableSortedSet<string> Tail,
    ImmutableSortedDictionary<string, WriteVersion> Acknowledged,
    ImmutableSortedDictionary<long, WriteVersion> Settled,
    ImmutableArray<LostWrite> Lost,
    long LostTotal = 0,
    long Recovered = 0,
    long Repairs = 0,
    string? MovesTo = null,
    long MovesSinceMs = 0,
    WriteVersion? Resync = null);

/// <summary>How entities' records are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WriteKey))]
[JsonSerializable(typeof(CompareKey))]
[JsonSerializable(typeof(ReadKey))]
[JsonSerializable(typeof(ListKeys))]
[JsonSerializable(typeof(ReadStanding))]
[JsonSerializable(typeof(ReadAfter))]
[JsonSerializable(typeof(ReadTail))]
[JsonSerializable(typeof(ReadConflicts))]
[JsonSerializable(typeof(Replicate))]
[JsonSerializable(typeof(Acknowledge))]
[JsonSerializable(typeof(LearnEpochs))]
[JsonSerializable(typeof(MergeTail))]
[JsonSerializable(typeof(TakeHome))]
[JsonSerializable(typeof(HandOver))]
[JsonSerializable(typeof(KeyWritten))]
[JsonSerializable(typeof(KeyRead))]
[JsonSerializable(typeof(KeysListed))]
[JsonSerializable(typeof(NotHome))]
[JsonSerializable(typeof(GroupStanding))]
[JsonSerializable(typeof(StreamRead))]
[JsonSerializable(typeof(TailRead))]
[JsonSerializable(typeof(ConflictsRead))]
[JsonSerializable(typeof(KeyChanged))]
[JsonSerializable(typeof(RecordsFollowed))]
[JsonSerializable(typeof(DifferenceFound))]
[JsonSerializable(typeof(PositionAcknowledged))]
[JsonSerializable(typeof(EpochsChanged))]
[JsonSerializable(typeof(MoveBegun))]
[JsonSerializable(typeof(MoveGivenUp))]
[JsonSerializable(typeof(TailSettled))]
[JsonSerializable(typeof(GroupState))]
internal sealed partial class GroupEntityJson : JsonSerializerContext;
