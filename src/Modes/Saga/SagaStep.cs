using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>One step of a saga: a transaction of its own at one participant.</summary>
/// <param name="Gives">How the participant's entry stands when it is done.</param>
/// <param name="Do">The command, idempotent by the order's id.</param>
public sealed record SagaStep(string Name, SagaStepKind Kind, Participant At, EntryState Gives, Func<SagaRecord, LedgerCommand> Do)
{
    /// <summary>The compensation, idempotent by the order's id, and right also where the step has not happened, or happens later.</summary>
    public Func<SagaRecord, LedgerCommand>? Undo { get; init; }
}
