using Cluster.Shared.Ids;

namespace Cluster.Engine.Consensus;

/// <summary>What a replica must have on disk before it answers (Raft figure 2, persistent state), besides its entries.</summary>
/// <param name="Term">The current term.</param>
/// <param name="VotedFor">Who got this replica's vote in that term; <see cref="NodeId.None"/> if nobody did.</param>
/// <param name="Commit">A hint: this much was committed and on this disk when the record was written. It saves a restarted replica
/// the wait for a leader, is never past the entries written before it, and is never worth a write of its own.</param>
public readonly record struct HardState(Term Term, NodeId VotedFor, LogIndex Commit);
