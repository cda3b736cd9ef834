using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>
/// The saga of an order. Stock is reserved and the customer charged, both of which can be undone; the carrier's word is the pivot, since a parcel that is booked goes out; then the
/// reservation becomes a sale, which nothing can prevent.
/// </summary>
public static class OrderSaga
{
    public static SagaDefinition Definition { get; } = new(
        "order",
        new SagaStep("reserve", SagaStepKind.Compensatable, Participant.Stock, EntryState.Taken, saga => Take(saga, Participant.Stock)) { Undo = GiveBack },
        new SagaStep("charge", SagaStepKind.Compensatable, Participant.Payment, EntryState.Taken, saga => Take(saga, Participant.Payment)) { Undo = GiveBack },
        new SagaStep("ship", SagaStepKind.Pivot, Participant.Shipping, EntryState.Taken, saga => Take(saga, Participant.Shipping)),
        new SagaStep("sell", SagaStepKind.Retriable, Participant.Stock, EntryState.Settled, Settle));

    internal static Take Take(SagaRecord saga, Participant participant) => new(saga.Id, saga.Order.AmountAt(participant), saga.DeadlineUnixMs, saga.Order.FailsAt(participant), saga.Order.Content);

    internal static GiveBack GiveBack(SagaRecord saga) => new(saga.Id, Content: saga.Order.Content, IdIsAnothers: saga.IdIsAnothers);

    internal static Settle Settle(SagaRecord saga) => new(saga.Id, saga.Order.Content);
}
