using Cluster.Modes.Shop;

namespace Cluster.Modes.TwoPhaseCommit;

/// <summary>A message to a participant.</summary>
public sealed record CoordinatorMove(Participant To, string Ledger, LedgerCommand Command);
