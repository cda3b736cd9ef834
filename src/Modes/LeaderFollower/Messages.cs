using System.Text.Json.Serialization;

namespace Cluster.Modes.LeaderFollower;

// Between a door, which is a client, and the replica that leads, or the copy that it reads.

/// <summary>One call of a client to the leader. It is sent again until it is answered, and takes effect once in what survives.</summary>
/// <param name="Node">Whose door asks.</param>
/// <param name="Client">The session: one life of one node's door.</param>
/// <param name="Number">Of the call within the session, from 1.</param>
/// <param name="FirstOpen">Every call before this one has been answered, so what is kept of them can go (RIFL, Lee et al. 2015, section 4).</param>
/// <param name="Value">What to write; null: nothing, for a deletion.</param>
/// <param name="Expected">With <see cref="CallOperation.CompareAndSet"/>: what must stand there; null: nothing.</param>
/// <param name="Ack">Of a write: when it is answered.</param>
public sealed record ReplicaCall(string Node, string Client, long Number, long FirstOpen, CallOperation Operation, string Key, string? Value = null, string? Expected = null, AckMode Ack = AckMode.Semi);

/// <summary>What a client may call.</summary>
public enum CallOperation
{
    Get,
    Put,
    Delete,
    CompareAndSet,
}

/// <summary>When the leader answers a write.</summary>
public enum AckMode
{
    /// <summary>When its own disk has it: a failover may lose it.</summary>
    Async,

    /// <summary>When one follower's disk has it as well.</summary>
    Semi,

    /// <summary>When the disks of all replicas in sync have it.</summary>
    Sync,
}

/// <summary>Answers a call.</summary>
/// <param name="Of">The epoch of the leader that answers.</param>
/// <param name="Value">Of a read; null where there is nothing.</param>
/// <param name="Epoch">With <paramref name="Position"/>: the version, the log entry that wrote it; both 0 where there is nothing.</param>
/// <param name="IsConflict">Another value stood there than expected; nothing has changed.</param>
/// <param name="Replaced">Of a write: there was a value before.</param>
/// <param name="Copies">Of a write: disks that are known to have it.</param>
public sealed record CallAnswer(long Number, long Of, string? Value, long Epoch, long Position, bool IsConflict = false, bool Replaced = false, int Copies = 0);

/// <summary>Answers a call that will never be carried out.</summary>
/// <param name="Of">The epoch of the leader that refuses.</param>
public sealed record CallRefused(long Number, long Of, string Why);

/// <summary>Answers a call that came to a replica that does not lead.</summary>
/// <param name="Leader">Who does, as far as it knows; null where it knows nobody.</param>
public sealed record NotLeading(long Number, long Epoch, string? Leader);

/// <summary>Reads one replica's own copy, whatever its role.</summary>
/// <param name="MaxLag">Refuse if the copy may be further behind; null: however old.</param>
public sealed record ReadCopy(string Node, long Number, string Key, TimeSpan? MaxLag);

/// <summary>Answers it.</summary>
/// <param name="From">Whose copy.</param>
/// <param name="Age">How far it may be behind; null where it has never heard of a leader that was one.</param>
/// <param name="TooOld">It may be further behind than was allowed, so nothing was read.</param>
/// <param name="End">How far its log goes, its uncommitted entries too.</param>
/// <param name="Commit">How far its copy goes.</param>
public sealed record CopyRead(long Number, string From, string? Value, long Epoch, long Position, TimeSpan? Age, bool TooOld, long End, long Commit);

// Between replicas.

/// <summary>The leader's log, from the first entry that this follower lacks; without entries it is a heartbeat (Raft, section 5.3; Kafka's fetch, turned round).</summary>
/// <param name="Round">Numbers the leader's sendings to this follower.</param>
/// <param name="After">The entry before the first, which the follower must have with that epoch.</param>
/// <param name="Commit">Up to here nothing is ever taken back.</param>
/// <param name="SentAt">The leader's clock: its lease counts from here.</param>
/// <param name="Echo">The follower's own clock, as its last answer told it: the commit is no older than that. Null without a lease: then it says nothing about now.</param>
public sealed record AppendEntries(string Leader, long Epoch, long Round, long After, long AfterEpoch, IReadOnlyList<LogEntry> Entries, long Commit, TimeSpan SentAt, TimeSpan? Echo);

/// <summary>Answers it; what it speaks of is on the follower's disk.</summary>
/// <param name="Epoch">The epoch that the follower holds with: a higher one than the leader's refuses the leader.</param>
/// <param name="Position">Matched: up to here the logs are the same. Else: where the leader should try next.</param>
/// <param name="NeedsState">The follower has committed what the leader does not have (after an unclean promotion): only a whole copy helps.</param>
/// <param name="Clock">The follower's, to be echoed.</param>
public sealed record EntriesKept(string From, long Epoch, long Round, bool Matched, long Position, bool NeedsState, TimeSpan SentAt, TimeSpan Clock);

/// <summary>A piece of the leader's whole copy, for a follower that is further behind than the leader's log reaches back.</summary>
/// <param name="Transfer">One such copy for one follower.</param>
/// <param name="Of">How many pieces.</param>
public sealed record StatePart(string Leader, long Epoch, long Transfer, int Index, int Of, StatePiece Piece, long Position, IReadOnlyList<EpochStart> Epochs);

/// <summary>The follower has the pieces before this one.</summary>
public sealed record PartsTaken(string From, long Epoch, long Transfer, int Next);

/// <summary>A candidate asks a replica in sync to have nothing more to do with older epochs.</summary>
public sealed record AskPromise(string From, long Epoch);

/// <summary>Answers it; a promise is on the replica's disk.</summary>
/// <param name="Promised">The highest epoch that it has promised to anybody.</param>
/// <param name="LastEpoch">With <paramref name="End"/>: how advanced its log is.</param>
public sealed record EpochPromise(string From, long Epoch, bool Granted, long Promised, long LastEpoch, long End);

/// <summary>Asks a replica to become the leader: its log is the most advanced, or it is the oldest member and nobody has led yet.</summary>
/// <param name="Unclean">By an operator's word, though it may lack what was acknowledged.</param>
public sealed record StandForLeader(bool Unclean);

/// <summary>Answers an operator who wants that replica to lead: it has been asked, and the event stream tells whether it does.</summary>
public sealed record PromotionAsked(string Asked);

// What a replica keeps.

/// <summary>One place in the log. Without a key it is the first of its epoch.</summary>
/// <param name="Leader">Who led the epoch, and has answered for it.</param>
/// <param name="Value">Null: the key was taken away.</param>
/// <param name="At">The leader's wall clock, in milliseconds: only to tell people how long a lost window was.</param>
public sealed record LogEntry(long Position, long Epoch, string Leader, string Client, long Number, long FirstOpen, string? Key, string? Value, bool Replaced, AckMode Ack, long At);

/// <summary>The log is what it was up to there, and then these. What stood there else was never committed.</summary>
public sealed record EntriesAppended(long After, IReadOnlyList<LogEntry> Entries);

/// <summary>Older epochs than this are refused from now on.</summary>
public sealed record EpochPromised(long Epoch);

/// <summary>A piece of a whole copy that is about to be installed.</summary>
public sealed record PieceKept(int Index, StatePiece Piece);

/// <summary>The pieces kept before this, if they are all there, are the copy up to that position.</summary>
public sealed record StateInstalled(int Pieces, long Position, IReadOnlyList<EpochStart> Epochs);

/// <summary>Some keys and sessions.</summary>
public sealed record StatePiece(IReadOnlyList<CopyEntry> Keys, IReadOnlyList<KnownClient> Clients);

/// <summary>A key as it stands.</summary>
public sealed record CopyEntry(string Key, string Value, long Epoch, long Position);

/// <summary>Calls of a client that took effect and that it may still ask for.</summary>
public sealed record KnownClient(string Client, long FirstOpen, IReadOnlyList<DoneCall> Done);

/// <summary>What a call did.</summary>
public sealed record DoneCall(long Number, long Epoch, long Position, bool Replaced);

/// <summary>Where an epoch begins in the log (Kafka's leader epoch cache, KIP-101).</summary>
public sealed record EpochStart(long Epoch, long Position);

/// <summary>A replica after some event, for its journal.</summary>
public sealed record ReplicaSnapshot(long Promised, StatePiece State, long Position, IReadOnlyList<EpochStart> Epochs, IReadOnlyList<LogEntry> Tail);

// Who leads, and who may follow: an entity, so that all nodes agree.

/// <summary>The one place where epochs are given: an epoch has one leader, and only who is in sync may be the next.</summary>
/// <param name="Epoch">Of the leader; 0 before the first.</param>
/// <param name="Version">Rises with each change.</param>
/// <param name="InSync">The leader and the followers that have all that is committed, or are about to; by name.</param>
public sealed record ReplicaSet(long Epoch, long Version, string Leader, IReadOnlyList<string> InSync);

/// <summary>What the set can be asked. Each command is answered with the set as it is afterwards.</summary>
public abstract record ReplicaSetCommand;

/// <summary>Only asks.</summary>
public sealed record ShowReplicaSet : ReplicaSetCommand, Cluster.Engine.Port.IEntityQuery;

/// <summary>Makes a replica the leader of a new epoch, if the set is still at that version and has it in sync.</summary>
/// <param name="Unclean">It need not be in sync; then it is the only one that is.</param>
public sealed record ClaimLeadership(string Node, long Epoch, long ExpectedVersion, bool Unclean) : ReplicaSetCommand;

/// <summary>The leader says who is in sync, if the set is still at that version.</summary>
public sealed record ChangeInSync(string Node, long Epoch, long ExpectedVersion, IReadOnlyList<string> InSync) : ReplicaSetCommand;

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReplicaCall))]
[JsonSerializable(typeof(CallAnswer))]
[JsonSerializable(typeof(CallRefused))]
[JsonSerializable(typeof(NotLeading))]
[JsonSerializable(typeof(ReadCopy))]
[JsonSerializable(typeof(CopyRead))]
[JsonSerializable(typeof(AppendEntries))]
[JsonSerializable(typeof(EntriesKept))]
[JsonSerializable(typeof(StatePart))]
[JsonSerializable(typeof(PartsTaken))]
[JsonSerializable(typeof(AskPromise))]
[JsonSerializable(typeof(EpochPromise))]
[JsonSerializable(typeof(StandForLeader))]
[JsonSerializable(typeof(PromotionAsked))]
[JsonSerializable(typeof(EntriesAppended))]
[JsonSerializable(typeof(EpochPromised))]
[JsonSerializable(typeof(PieceKept))]
[JsonSerializable(typeof(StateInstalled))]
[JsonSerializable(typeof(ReplicaSnapshot))]
[JsonSerializable(typeof(ReplicaSet))]
[JsonSerializable(typeof(ShowReplicaSet))]
[JsonSerializable(typeof(ClaimLeadership))]
[JsonSerializable(typeof(ChangeInSync))]
internal sealed partial class LeaderFollowerJson : JsonSerializerContext;
