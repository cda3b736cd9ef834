using Cluster.Engine.Port;

namespace Cluster.Engine.Persistence;

/// <summary>One instance of a persistent actor: what the journal says to another one is not for it.</summary>
internal sealed class RecoveryToken;

/// <summary>To the journal: everything of that name, please.</summary>
internal sealed record RecoverEvents(string PersistenceId, RecoveryToken Token, IActorRef Owner);

/// <summary>To the journal: make that durable.</summary>
internal sealed record WriteEvent(string PersistenceId, RecoveryToken Token, IActorRef Owner, ulong Sequence, byte[] Record);

/// <summary>To the journal: this stands for all events up to there.</summary>
internal sealed record WriteSnapshot(string PersistenceId, RecoveryToken Token, IActorRef Owner, ulong Sequence, byte[] State);

/// <summary>What the journal tells a persistent actor; it always finds room in the mailbox, because a lost one would leave clients without an answer.</summary>
internal abstract record JournalReply(RecoveryToken Token) : IRuntimeMessage;

/// <param name="Snapshot">Null where there is none.</param>
/// <param name="Records">The events after it, in order.</param>
internal sealed record EventsRecovered(RecoveryToken Token, ulong SnapshotSequence, byte[]? Snapshot, IReadOnlyList<byte[]> Records) : JournalReply(Token);

/// <summary>Every event up to there is on the disk.</summary>
internal sealed record EventsWritten(RecoveryToken Token, ulong UpTo) : JournalReply(Token);

/// <summary>The log has outgrown its bound, and events of this actor are why: it should take a snapshot, however few they are.</summary>
internal sealed record SnapshotWanted(RecoveryToken Token) : JournalReply(Token);

/// <summary>The snapshot is on the disk, or was refused by it: then the events are still there, and the next one is tried after as many again.</summary>
internal sealed record SnapshotEnded(RecoveryToken Token) : JournalReply(Token);
