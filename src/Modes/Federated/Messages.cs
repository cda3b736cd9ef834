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
[JsonDerivedType(typeof(ReadStanding), "read-standing")]
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
/// <param name="Since">See <see cref="StreamCursor"/>: it goes on with everything; null: with what is new.</param>
public sealed record ReadAfter(WriteVersion After, int Most, bool Digest, WriteVersion? Since = null) : GroupCommand, IEntityQuery;

/// <summary>Writes that no later home has seen, in their order.</summary>
public sealed record ReadTail(int Most) : GroupCommand, IEntityQuery;

/// <summary>Writes that lost against others, newest last.</summary>
public sealed record ReadConflicts : GroupCommand, IEntityQuery;

/// <summary>What the home has written after <paramref name="After"/>, up to <paramref name="UpTo"/>.</summary>
/// <param name="Epochs">The homes as the sender knows them.</param>
/// <param name="Digest">Of all that stands at <paramref name="UpTo"/>; null: not to be compared.</param>
/// <param name="Settled">Of each earlier home, up to where its tail was settled by then.</param>
/// <param name="IsPart">There is more after it: until that is here, too, this is no position that could be vouched for.</param>
/// <param name="Since">See <see cref="StreamCursor"/>: it is a part of everything; null: of what is new.</param>
public sealed record Replicate(
    ImmutableArray<HomeEpoch> Epochs, WriteVersion After, ImmutableArray<StoredRecord> Records, WriteVersion UpTo, string? Digest, ImmutableArray<WriteVersion> Settled, bool IsPart = false, WriteVersion? Since = null) : GroupCommand;

/// <summary>A cluster has everything up to there on a majority's disks.</summary>
/// <param name="Tail">How many writes it has of which no home has decided yet.</param>
/// <param name="IsResync">It is being sent everything: of what it had before, some may have been taken away since.</param>
public sealed record Acknowledge(string Cluster, WriteVersion Position, int Tail, bool IsResync = false) : GroupCommand;

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
[JsonDerivedType(typeof(GroupFull), "full")]
[JsonDerivedType(typeof(GroupStanding), "standing")]
public abstract record GroupReply;

/// <param name="IsConflict">Another value stood there than expected; nothing has changed.</param>
public sealed record KeyWritten(WriteVersion Version, bool Replaced, bool IsConflict = false) : GroupReply;

/// <param name="Version">Also of a key that was taken away; none where nothing ever was.</param>
public sealed record KeyRead(string? Value, WriteVersion Version) : GroupReply;

/// <param name="IsPart">There are more after the last, which did not fit the message.</param>
public sealed record KeysListed(ImmutableArray<StoredRecord> Records, bool IsPart = false) : GroupReply;

/// <summary>Nothing has changed: the group takes no more values until keys are taken away, or get shorter ones.</summary>
/// <param name="Bytes">What it takes, counted as its state's JSON.</param>
public sealed record GroupFull(int Keys, int Bytes) : GroupReply;

/// <summary>Nothing has changed: writes and reads of this group go to its home.</summary>
/// <param name="MovesTo">It is the home, but on its way to that cluster, and takes no writes meanwhile.</param>
public sealed record NotHome(HomeEpoch Home, string? MovesTo) : GroupReply;

/// <summary>How a cluster's copy of a group stands.</summary>
/// <param name="Position">The last write of the homes' order that it has.</param>
/// <param name="Tail">Writes of an earlier home of which no later one has decided yet.</param>
/// <param name="Acknowledged">Of the home: how far each other cluster is.</param>
/// <param name="Conflicts">Writes that lost here so far.</param>
/// <param name="Recovered">Writes of a tail that were taken up again here.</param>
/// <param name="Cursor">Where it goes on asking, in the midst of a stream; null: after its position.</param>
/// <param name="Repairs">Times that a digest differed, and everything was sent again.</param>
public sealed record GroupStanding(
    string Group, ImmutableArray<HomeEpoch> Epochs, WriteVersion Position, int Keys, int Tail, string? MovesTo, ImmutableSortedDictionary<string, WriteVersion> Acknowledged, long Conflicts, long Recovered, long Repairs, StreamCursor? Cursor)
    : GroupReply
{
    /// <summary>After which version it asks its home for records.</summary>
    public WriteVersion AsksAfter => Cursor?.After ?? Position;

    public HomeEpoch Home => Lineage.Current(Epochs, RegionMap.RegionOf(Group));
}

/// <param name="After">Not what was asked for where everything is sent: it begins from nothing then.</param>
/// <param name="Position">How far the home is.</param>
public sealed record StreamRead(
    ImmutableArray<HomeEpoch> Epochs,
    bool IsHome,
    WriteVersion After,
    ImmutableArray<StoredRecord> Records,
    WriteVersion UpTo,
    WriteVersion Position,
    string? Digest,
    ImmutableArray<WriteVersion> Settled,
    bool IsPart,
    WriteVersion? Since)
{
    /// <summary>How far each other cluster is, as the home has noted it.</summary>
    public ImmutableSortedDictionary<string, WriteVersion> Acknowledged { get; init; } = ImmutableSortedDictionary<string, WriteVersion>.Empty;

    /// <summary>Which cluster it hands the group over to; null: none.</summary>
    public string? MovesTo { get; init; }
}

public sealed record TailRead(ImmutableArray<StoredRecord> Records);

public sealed record ConflictsRead(long Total, ImmutableArray<LostWrite> Newest);

// What has happened to a group.

public abstract record GroupEvent;

/// <summary>The home took a write.</summary>
public sealed record KeyChanged(StoredRecord Record) : GroupEvent;

/// <summary>The home's writes have come here: see <see cref="Replicate"/>. What the first version of it lacked has a default.</summary>
public sealed record RecordsFollowed(
    ImmutableArray<StoredRecord> Records, WriteVersion UpTo, WriteVersion After = default, WriteVersion? Since = null, bool IsPart = false, ImmutableArray<WriteVersion> Settled = default) : GroupEvent;

/// <summary>The copy here is not what the home has: it begins from the start.</summary>
public sealed record DifferenceFound : GroupEvent;

public sealed record PositionAcknowledged(string Cluster, WriteVersion Position) : GroupEvent;

/// <summary>From now on these have been the homes.</summary>
public sealed record EpochsChanged(ImmutableArray<HomeEpoch> Epochs) : GroupEvent;

public sealed record MoveBegun(string To, long SinceMs) : GroupEvent;

public sealed record MoveGivenUp : GroupEvent;

/// <summary>Of a tail: what was taken up again, and what lost.</summary>
/// <param name="Until">Of each earlier home the version up to which its tail is settled.</param>
public sealed record TailSettled(ImmutableArray<StoredRecord> Recovered, ImmutableArray<LostWrite> Lost, ImmutableArray<WriteVersion> Until) : GroupEvent;

/// <summary>A key as it stands.</summary>
/// <param name="Value">Null: it was taken away.</param>
/// <param name="WallMs">What the deciding node's clock said, in milliseconds since 1970: told to people, and used by nothing but the broken variant.</param>
/// <param name="Was">Its version before a later home took it up again; null for one that was replicated in time.</param>
public sealed record StoredRecord(string Key, string? Value, WriteVersion Version, long WallMs, WriteVersion? Was = null);

/// <summary>An acknowledged write that another one of a later home prevailed over: kept to be looked at.</summary>
public sealed record LostWrite(string Key, string? Value, WriteVersion Version, WriteVersion WonBy);

/// <summary>
/// How far a copy is in a stream that comes in parts. Its position stays where it was until the last part is here: what has come of the stream lacks whatever was written over since, and vouches for nothing.
/// </summary>
/// <param name="After">The end of the last part.</param>
/// <param name="Since">
/// It is being sent everything, and this is where the home was when that began: a key that is not sent was taken away by then. Null: it is sent what is new.
/// </param>
public sealed record StreamCursor(WriteVersion After, WriteVersion? Since);

/// <summary>A group in one cluster.</summary>
/// <param name="Position">Every write of the homes' order up to there is here, or was written over by a later one that is.</param>
/// <param name="Tail">Keys whose record was taken by an earlier home alone, and still stands here.</param>
/// <param name="Unsettled">Such records in whose place a later home's record has come, before any home is known to have decided what becomes of them.</param>
/// <param name="Settled">Of each earlier home, how far its tail was settled, so that one that is sent again changes nothing.</param>
/// <param name="Cursor">In the midst of a stream; null: there is none.</param>
/// <param name="Doubtful">While everything is sent: keys of here that were not among what came where they should have been. What is left of them in the end is taken away.</param>
/// <param name="ForgottenUpTo">Of keys taken away up to there, some are no longer known here: whoever has not heard of them must be sent everything.</param>
/// <param name="Size">Of all that grows, in bytes of JSON: see <see cref="GroupSize"/>.</param>
public sealed record GroupState(
    ImmutableArray<HomeEpoch> Epochs,
    WriteVersion Position,
    ImmutableSortedDictionary<string, StoredRecord> Keys,
    ImmutableSortedSet<string> Tail,
    ImmutableArray<StoredRecord> Unsettled,
    ImmutableSortedDictionary<string, WriteVersion> Acknowledged,
    ImmutableSortedDictionary<string, WriteVersion> Settled,
    ImmutableArray<LostWrite> Lost,
    StreamCursor? Cursor,
    ImmutableSortedSet<string> Doubtful,
    WriteVersion ForgottenUpTo,
    int Size,
    long LostTotal = 0,
    long Recovered = 0,
    long Repairs = 0,
    string? MovesTo = null,
    long MovesSinceMs = 0);

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
[JsonSerializable(typeof(GroupFull))]
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
