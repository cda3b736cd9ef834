using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// An idempotent consumer's inbox for one key of one subscription, pure: the effect, and what it rests on, in one state. An event is handled once however often it is delivered, by its offset (delivered
/// again) and by its id (published again); events of the key have their effect in the order of their offsets.
/// </summary>
internal sealed class InboxCore : IDecider<InboxState, InboxCommand, InboxEvent>
{
    /// <summary>Ids by which an event that was published twice is told: a publisher sends again within seconds, not after a thousand others of the same key.</summary>
    public const int RememberedIds = 1_000;

    public static readonly EntityType<InboxState, InboxCommand, InboxEvent> Type =
        new EntityType<InboxState, InboxCommand, InboxEvent>("event-driven-inbox", new InboxCore(), 1, EventDrivenJson.Default.InboxState)
            .Message("handle", 1, EventDrivenJson.Default.Handle)
            .Message("give-up", 1, EventDrivenJson.Default.GiveUp)
            .Message("let-go", 1, EventDrivenJson.Default.LetGo)
            .Message("read", 1, EventDrivenJson.Default.ReadInbox)
            .Message("handled", 1, EventDrivenJson.Default.EventHandled)
            .Message("given-up", 1, EventDrivenJson.Default.EventGivenUp)
            .Message("gone", 1, EventDrivenJson.Default.EventLetGo)
            .Message("inbox", 1, EventDrivenJson.Default.InboxState)
            .Message("outcome", 1, EventDrivenJson.Default.InboxReply);

    public InboxState Empty { get; } = new(null, 0, 0, [], []);

    public Decided<InboxEvent> Decide(InboxState state, InboxCommand command, EntityContext context) => command switch
    {
        ReadInbox => Decided<InboxEvent>.Answer(state),
        Handle { Unguarded: false } handle when Known(state, handle.Id, handle.Offset) is { } known => Answer(known),
        Handle handle when handle.Attempt <= handle.Fails || !FitsTotal(state.Total, handle.Amount) => Answer(InboxOutcome.Failed),
        Handle handle => Decided<InboxEvent>.Accept(new EventHandled(handle.Id, handle.Offset, handle.Amount)).With(new InboxReply(InboxOutcome.Handled)),
        GiveUp give when Known(state, give.Id, give.Offset) is { } known => Answer(known),
        GiveUp give => Decided<InboxEvent>.Accept(new EventGivenUp(give.Offset, give.Id)).With(new InboxReply(InboxOutcome.GivenUp)),
        LetGo go when state.GivenUp.Exists(given => given.Offset == go.Offset) => Decided<InboxEvent>.Accept(new EventLetGo(go.Offset)).With(new InboxReply(InboxOutcome.Repeated)),
        LetGo => Answer(InboxOutcome.Repeated),
        _ => Decided<InboxEvent>.Refuse($"an inbox does not know {command.GetType().Name}"),
    };

    public InboxState Apply(InboxState state, InboxEvent @event) => @event switch
    {
        EventHandled handled => state with
        {
            Passed = Math.Max(state.Passed ?? 0, handled.Offset),
            Total = state.Total + handled.Amount,
            Count = state.Count + 1,
            Handled = Newest(state.Handled.Add(handled.Id)),
        },
        EventGivenUp given => state with { Passed = Math.Max(state.Passed ?? 0, given.Offset), GivenUp = Newest(state.GivenUp.Add(new GivenUpEvent(given.Offset, given.Id))) },
        EventLetGo go => state with { GivenUp = state.GivenUp.RemoveAll(given => given.Offset == go.Offset) },
        _ => throw new ArgumentException($"nothing is known of {@event.GetType().Name}", nameof(@event)),
    };

    /// <summary>What became of the event before; null where nothing did. Of one that was published twice and given up, the first is the dead letter: were the second one, too, it would still be one when the first is sent again.</summary>
    private static InboxOutcome? Known(InboxState state, string id, ulong offset) =>
        state.GivenUp.Exists(given => given.Offset == offset) ? InboxOutcome.GivenUp
        : offset <= state.Passed || state.Handled.Contains(id) || state.GivenUp.Exists(given => given.Id == id) ? InboxOutcome.Repeated
        : null;

    /// <summary>An amount that takes the total past what a decimal holds is the handler's failure: thrown out of here it would be nobody's, and be tried again for ever.</summary>
    private static bool FitsTotal(decimal total, decimal amount) => Math.Sign(total) != Math.Sign(amount) || Math.Abs(amount) <= decimal.MaxValue - Math.Abs(total);

    private static Decided<InboxEvent> Answer(InboxOutcome outcome) => Decided<InboxEvent>.Answer(new InboxReply(outcome));

    private static ImmutableList<T> Newest<T>(ImmutableList<T> list) => list.Count > RememberedIds ? list.RemoveAt(0) : list;
}
