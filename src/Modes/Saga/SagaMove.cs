using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>The one message that a saga waits for now: to which participant, and what.</summary>
public sealed record SagaMove(Participant To, string Ledger, LedgerCommand Command);
