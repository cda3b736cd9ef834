using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

// Everything that a replica tells traces, views and metrics about itself: the whole vocabulary on one screen. Nothing decides by it.

/// <summary>Something that happened in a replica, in its term at that moment.</summary>
public abstract record RaftEvent(Term Term);

/// <summary>The replica took another role.</summary>
public sealed record RoleChanged(Term Term, RaftRole From, RaftRole To) : RaftEvent(Term);

/// <summary>The replica learnt who leads the term; on the leader itself: it won.</summary>
public sealed record LeaderElected(Term Term, NodeId Leader) : RaftEvent(Term);

/// <summary>The leader gave up: <paramref name="Reason"/> says why.</summary>
public sealed record SteppedDown(Term Term, string Reason) : RaftEvent(Term);

/// <summary>The replica gave its vote of this term away.</summary>
public sealed record VoteGranted(Term Term, NodeId Candidate) : RaftEvent(Term);

/// <summary>Another configuration counts from here on: appended, rolled back by a truncation, or restored with a snapshot.</summary>
public sealed record ConfigurationChanged(Term Term, LogIndex Index, RaftConfiguration Configuration) : RaftEvent(Term);

/// <summary>Uncommitted entries from that index on gave way to the leader's (Raft 5.3).</summary>
public sealed record LogTruncated(Term Term, LogIndex From) : RaftEvent(Term);

/// <summary>The leader hands its leadership over.</summary>
public sealed record TransferStarted(Term Term, NodeId To) : RaftEvent(Term);

/// <summary>The target did not take over within an election timeout: the leader serves on.</summary>
public sealed record TransferAborted(Term Term, NodeId To) : RaftEvent(Term);

/// <summary>The leader feeds a peer in another way now.</summary>
public sealed record PeerStateChanged(Term Term, NodeId Peer, ReplicationState State) : RaftEvent(Term);

/// <summary>The leader counts on entries up to <paramref name="Acknowledged"/> that this replica does not have: its disk lost them, or the
/// replica was made anew while the message was on its way.</summary>
public sealed record AcknowledgedEntriesMissing(Term Term, LogIndex Acknowledged, LogIndex Last) : RaftEvent(Term);

/// <summary>A message was ignored because no correct replica sends it.</summary>
public sealed record MessageRejected(Term Term, NodeId From, string Reason) : RaftEvent(Term);
