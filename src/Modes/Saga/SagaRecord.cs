using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>A saga as its log keeps it: all that whoever carries it on has to know.</summary>
/// <param name="Step">Forward: the step that is to be done now, and may have been sent already. Backward: the one that is to be undone.</param>
/// <param name="Driver">The node that carries it on; another may, too, since every message is idempotent.</param>
/// <param name="ProgressUnixMs">When something last happened to it.</param>
/// <param name="PaceMs">Time that its driver lets pass before each message, so that people can watch.</param>
/// <param name="Why">What made it turn back.</param>
/// <param name="Notes">Everything that has happened to its steps, in order.</param>
/// <param name="IdIsAnothers">A ledger knows its id as another order's. It keeps nobody from the id when it has ended, that other order least of all.</param>
public sealed record SagaRecord(
    string Id, SagaStyle Style, Order Order, SagaPhase Phase, int Step, string Driver, long StartedUnixMs, long DeadlineUnixMs, long ProgressUnixMs, long PaceMs, string? Why, ImmutableArray<StepNote> Notes, bool IdIsAnothers = false)
{
    [JsonIgnore]
    public bool HasEnded => Phase is SagaPhase.Completed or SagaPhase.Compensated;
}
