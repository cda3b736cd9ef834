using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Shop;

/// <summary>
/// A participant's ledger of one item, customer or carrier: what is left plus what orders hold is always what it opened with. Each order takes effect at most once, however often and in
/// whatever order its commands come. It serves sagas (take, give back, settle: each a transaction of its own) and two-phase commit (prepare under an exclusive lock, then commit or abort).
/// </summary>
public sealed class Ledger : IDecider<LedgerState, LedgerCommand, EntryPosted>
{
    /// <summary>What every ledger opens with: pieces, cents or parcels.</summary>
    public const long Opening = 1_000_000;

    /// <summary>
    /// Orders that one ledger keeps. It forgets none, since a command of any of them may still come late. An entry is some 150 bytes of the state, and with the longest id, each byte of it escaped, not
    /// quite 1,600: so many stay below <see cref="EntityLimits.MaxStateBytes"/>, past which not even a decision would be taken any more.
    /// </summary>
    public const int MaxOrders = 10_000;

    /// <summary>Orders of one page: with the longest ids well below <see cref="EntityLimits.MaxMessageBytes"/>.</summary>
    public const int PageOrders = 500;

    /// <summary>Ledgers of one participant, as one mode's entity type.</summary>
    /// <param name="name">Begins with the mode's slug: modes do not see each other's ledgers.</param>
    public static EntityType<LedgerState, LedgerCommand, EntryPosted> TypeOf(string name) =>
        new EntityType<LedgerState, LedgerCommand, EntryPosted>(name, new Ledger(), 1, LedgerJson.Default.LedgerState)
            .Message("write", 1, LedgerJson.Default.WriteLedger)
            .Message("read-ledger", 1, LedgerJson.Default.ReadLedger)
            .Message("read-entry", 1, LedgerJson.Default.ReadEntry)
            .Message("written", 1, LedgerJson.Default.LedgerWritten)
            .Message("entry-found", 1, LedgerJson.Default.EntryFound)
            .Message("page", 1, LedgerJson.Default.LedgerPage)
            .Message("entry-posted", 1, LedgerJson.Default.EntryPosted);

    /// <summary>Why an order stands so that met its id in a ledger as another order's.</summary>
    private const string IdIsAnothersWhy = "another order has its id";

    public LedgerState Empty { get; } = new(Opening, ImmutableSortedDictionary<string, LedgerEntry>.Empty, null);

    public Decided<EntryPosted> Decide(LedgerState state, LedgerCommand command, EntityContext context) => command switch
    {
        WriteLedger write => Decide(state, write.Commands.IsDefault ? [] : write.Commands, context),
        OrderCommand one => Decide(state, one, context.Now.ToUnixTimeMilliseconds()),
        ReadEntry read => Decided<EntryPosted>.Answer(new EntryFound(state.Find(read.Order))),
        ReadLedger read => Decided<EntryPosted>.Answer(Page(state, read.After)),
        _ => Decided<EntryPosted>.Refuse($"a ledger does not know {command.GetType().Name}"),
    };

    public LedgerState Apply(LedgerState state, EntryPosted @event) => new(
        @event.Available,
        state.Entries.SetItem(@event.Entry.Order, @event.Entry),
        @event.Entry.State == EntryState.Prepared ? @event.Entry.Order : state.LockedBy == @event.Entry.Order ? null : state.LockedBy,
        state.Posted + 1);

    /// <summary>Whether a ledger says of an order that its id is another order's, there or in a ledger that it met before.</summary>
    public static bool IdIsAnothers(object reply, string order) => reply switch
    {
        LedgerEntry entry => entry.Why == IdIsAnothersWhy,
        EntityRefused refused => refused.Reason == Refusal(order),
        _ => false,
    };

    private static string Refusal(string order) => $"another order has the id {order} in this ledger";

    /// <summary>Each command on what those before it left.</summary>
    private Decided<EntryPosted> Decide(LedgerState state, ImmutableArray<OrderCommand> commands, EntityContext context)
    {
        var events = ImmutableArray.CreateBuilder<EntryPosted>();
        var answers = ImmutableArray.CreateBuilder<LedgerAnswer>(commands.Length);
        foreach (var command in commands)
        {
            var decided = Decide(state, command, context.Now.ToUnixTimeMilliseconds());
            state = decided.Events.Aggregate(state, Apply);
            events.AddRange(decided.Events);
            answers.Add(new LedgerAnswer(decided.Reply as LedgerEntry, decided.Reply as LedgerLocked, decided.Refusal));
        }

        var written = new LedgerWritten(context.EntityId, answers.MoveToImmutable());
        return events.Count == 0 ? Decided<EntryPosted>.Answer(written) : Decided<EntryPosted>.Accept(events.ToImmutable()).With(written);
    }

    private static Decided<EntryPosted> Decide(LedgerState state, OrderCommand command, long now) => (command, state.Find(command.Order)) switch
    {
        (_, { } other) when other.Content != command.Content => Another(command, now),

        (Take, { } known) => Decided<EntryPosted>.Answer(known),
        (Take take, null) => WhyNot(state, take.Amount, take.Fails) is { } why ? Close(state, command, EntryState.Refused, now, why)
            : now > take.DeadlineUnixMs ? Close(state, command, EntryState.Refused, now, "it came after its deadline")
            : Post(state, new LedgerEntry(take.Order, EntryState.Taken, take.Amount, now, Content: take.Content), -take.Amount),
        (GiveBack, null) when state.Entries.Count >= MaxOrders => Decided<EntryPosted>.Answer(new LedgerEntry(command.Order, EntryState.GivenBack, 0, now)), // A full ledger takes no late step either.
        (GiveBack, null) => Close(state, command, EntryState.GivenBack, now, "there was nothing to give back yet"),
        (GiveBack back, { State: EntryState.Taken } taken) => Post(state, taken with { State = EntryState.GivenBack, AtUnixMs = now, Why = back.IdIsAnothers ? IdIsAnothersWhy : null }, taken.Amount),
        (GiveBack { Blindly: true }, { State: EntryState.GivenBack } given) => Post(state, given with { AtUnixMs = now }, given.Amount),
        (GiveBack, { State: EntryState.GivenBack or EntryState.Refused or EntryState.Settled } closed) => Decided<EntryPosted>.Answer(closed),
        (GiveBack, var other) => Decided<EntryPosted>.Refuse($"order {command.Order} cannot be given back: it is {Words(other)}"),
        (Settle, { State: EntryState.Taken } taken) => Post(state, taken with { State = EntryState.Settled, AtUnixMs = now }, 0),
        (Settle, { State: EntryState.Settled } settled) => Decided<EntryPosted>.Answer(settled),
        (Settle, var other) => Decided<EntryPosted>.Refuse($"order {command.Order} cannot be settled: it is {Words(other)}"),

        (Prepare, { } known) => Decided<EntryPosted>.Answer(known),
        (Prepare, null) when state.LockedBy is { } holder => Decided<EntryPosted>.Answer(new LedgerLocked(holder)),
        (Prepare prepare, null) => WhyNot(state, prepare.Amount, prepare.Fails) is { } why ? Close(state, command, EntryState.Aborted, now, why)
            : Post(state, new LedgerEntry(prepare.Order, EntryState.Prepared, prepare.Amount, now, Content: prepare.Content), -prepare.Amount),
        (Commit, { State: EntryState.Prepared } ready) => Post(state, ready with { State = EntryState.Committed, AtUnixMs = now, HeldMs = now - ready.AtUnixMs }, 0),
        (Commit, { State: EntryState.Committed } done) => Decided<EntryPosted>.Answer(done),
        (Commit, var other) => Decided<EntryPosted>.Refuse($"order {command.Order} cannot be committed: it is {Words(other)}"),
        (Abort, null) => Close(state, command, EntryState.Aborted, now, "it was aborted before it was prepared"),
        (Abort, { State: EntryState.Prepared } ready) => Post(state, ready with { State = EntryState.Aborted, AtUnixMs = now, HeldMs = now - ready.AtUnixMs }, ready.Amount),
        (Abort, { State: EntryState.Aborted } done) => Decided<EntryPosted>.Answer(done),
        (Abort, var other) => Decided<EntryPosted>.Refuse($"order {command.Order} cannot be aborted: it is {Words(other)}"),

        _ => Decided<EntryPosted>.Refuse($"a ledger does not know {command.GetType().Name}"),
    };

    /// <summary>
    /// The id is that of another order, which its driver's log has forgotten. What is to be undone was never done here, and never will be, since the same ledger refuses it for as long; nothing else is obeyed.
    /// </summary>
    private static Decided<EntryPosted> Another(OrderCommand command, long now) => command switch
    {
        GiveBack => Decided<EntryPosted>.Answer(new LedgerEntry(command.Order, EntryState.GivenBack, 0, now, IdIsAnothersWhy, Content: command.Content)),
        Abort => Decided<EntryPosted>.Answer(new LedgerEntry(command.Order, EntryState.Aborted, 0, now, IdIsAnothersWhy, Content: command.Content)),
        _ => Decided<EntryPosted>.Refuse(Refusal(command.Order)),
    };

    private static LedgerPage Page(LedgerState state, string? after)
    {
        var page = state.Entries.Values.Where(entry => after is null || state.Entries.KeyComparer.Compare(entry.Order, after) > 0).Take(PageOrders + 1).ToImmutableArray();
        var hasMore = page.Length > PageOrders;
        return new LedgerPage(state.Available, state.LockedBy, state.Posted, hasMore ? page[..PageOrders] : page, hasMore);
    }

    /// <summary>Why a ledger cannot take part in an order that it does not know; null when it can.</summary>
    private static string? WhyNot(LedgerState state, long amount, bool fails) =>
        fails ? "it was told to refuse"
        : amount > state.Available ? FormattableString.Invariant($"{amount} are wanted, {state.Available} are left")
        : state.Entries.Count >= MaxOrders ? FormattableString.Invariant($"this ledger keeps {MaxOrders} orders, the most it may")
        : null;

    /// <summary>The order ends here without an effect. A full ledger does not write that down: it will say the same again.</summary>
    private static Decided<EntryPosted> Close(LedgerState state, OrderCommand command, EntryState how, long now, string why)
    {
        var entry = new LedgerEntry(command.Order, how, 0, now, why, Content: command.Content);
        return state.Entries.Count >= MaxOrders ? Decided<EntryPosted>.Answer(entry) : Post(state, entry, 0);
    }

    private static Decided<EntryPosted> Post(LedgerState state, LedgerEntry entry, long change) => Decided<EntryPosted>.Accept(new EntryPosted(entry, state.Available + change)).With(entry);

    private static string Words(LedgerEntry? entry) => entry is null ? "not known" : entry.State.ToString().ToLowerInvariant();
}
