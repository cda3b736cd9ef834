using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>
/// Who reacts to what, pure. Each row is one participant's rule: on an event of the one before, do this. No row knows the whole, and none keeps a state: a participant that hears the same event
/// again answers with the same entry, which is the same event again. So an order whose message was lost on the way is carried on by telling its beginning once more.
/// </summary>
public static class Choreography
{
    /// <summary>The order is placed: stock hears it first.</summary>
    public static SagaMove Begin(SagaRecord saga) => Step(saga, Participant.Stock);

    /// <summary>What an entry, the event of that participant, makes the next one do; with no next one, how the order ends.</summary>
    public static (SagaMove? Next, SagaFinding? End) React(SagaRecord saga, Participant of, EntryState state) => (of, state) switch
    {
        (Participant.Stock, EntryState.Taken) => (Step(saga, Participant.Payment), null),
        (Participant.Payment, EntryState.Taken) => (Step(saga, Participant.Shipping), null),
        (Participant.Shipping, EntryState.Taken) => (Move(saga, Participant.Stock, OrderSaga.Settle(saga)), null),
        (Participant.Stock, EntryState.Settled) => (null, SagaFinding.AllDone),
        (Participant.Shipping, EntryState.Refused) => (Move(saga, Participant.Payment, OrderSaga.GiveBack(saga)), null),
        (Participant.Payment, EntryState.Refused or EntryState.GivenBack) => (Move(saga, Participant.Stock, OrderSaga.GiveBack(saga)), null),
        (Participant.Stock, EntryState.Refused or EntryState.GivenBack) => (null, SagaFinding.AllUndone),
        _ => throw new InvalidOperationException($"{of} of a saga cannot be {state}"),
    };

    /// <summary>How the participant that was asked stands by its reply; null where the reply says nothing, and it is asked again. Refused for good is only a step: what else is refused has to be done.</summary>
    public static EntryState? StateOf(SagaMove move, object reply) => reply switch
    {
        LedgerEntry entry => entry.State,
        EntityRefused when move.Command is Take => EntryState.Refused,
        _ => null,
    };

    /// <summary>Whether an event says for certain that the order will be complete: past the pivot it only goes forward, whoever carries it on.</summary>
    public static bool IsCertain(Participant of, EntryState state) => (of, state) is (Participant.Shipping, EntryState.Taken) or (Participant.Stock, EntryState.Settled);

    private static SagaMove Step(SagaRecord saga, Participant participant) => Move(saga, participant, OrderSaga.Take(saga, participant));

    private static SagaMove Move(SagaRecord saga, Participant participant, LedgerCommand command) => new(participant, saga.Order.LedgerAt(participant), command);
}
