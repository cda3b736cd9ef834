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
    /// Orders that one ledger keeps. It forgets none, since a command of any of them may still come late; the state is about 100 bytes for each, written anew for every snapshot.
    /// </summary>
    public const int MaxOrders = 20_000;

    /// <summary>Ledgers of one participant, as one mode's entity type.</summary>
    /// <param name="name">Begins with the mode's slug: modes do not see each other's ledgers.</param>
    public static EntityType<LedgerState, LedgerCommand, EntryPosted> TypeOf(string name) =>
        new EntityType<LedgerState, LedgerCommand, EntryPosted>(name, new Ledger(), 1, LedgerJson.Default.LedgerState)
            .Message("take", 1, LedgerJson.Default.Take)
            .Message("give-back", 1, LedgerJson.Default.GiveBack)
            .Message("settle", 1, LedgerJson.Default.Settle)
            .Message("prepare", 1, LedgerJson.Default.Prepare)
            .Message("commit", 1, LedgerJson.Default.Commit)
            .Message("abort", 1, LedgerJson.Default.Abort)
            .Message("read-ledger", 1, LedgerJson.Default.ReadLedger)
            .Message("read-entry", 1, LedgerJson.Default.ReadEntry)
            .Message("entry", 1, LedgerJson.Default.LedgerEntry)
            .Message("locked", 1, LedgerJson.Default.LedgerLocked)
            .Message("entry-found", 1, LedgerJson.Default.EntryFound)
            .Message("entry-posted", 1, LedgerJson.Default.EntryPosted)
            .Message("ledger", 1, LedgerJson.Default.LedgerState);

    public LedgerState Empty { get; } = new(Opening, ImmutableSortedDictionary<string, LedgerEntry>.Empty, null);

    public Decided<EntryPosted> Decide(LedgerState state, LedgerCommand command, EntityContext context)
    {
        var now = context.Now.ToUnixTimeMilliseconds();
        return command switch
        {
            Take take => state.Find(take.Order) is { } known ? Decided<EntryPosted>.Answer(known)
                : WhyNot(state, take.Amount, take.Fails) is { } why ? Close(state, take.Order, EntryState.Refused, now, why)
                : now > take.DeadlineUnixMs ? Close(state, take.Order, EntryState.Refused, now, "it came after its deadline")
                : Post(state, new LedgerEntry(take.Order, EntryState.Taken, take.Amount, now), -take.Amount),
            GiveBack back => Decide(state, back, now),
            Settle settle => state.Find(settle.Order) switch
            {
                { State: EntryState.Taken } taken => Post(state, taken with { State = EntryState.Settled, AtUnixMs = now }, 0),
                { State: EntryState.Settled } settled => Decided<EntryPosted>.Answer(settled),
                var other => Decided<EntryPosted>.Refuse($"order {settle.Order} cannot be settled: it is {Words(other)}"),
            },
            Prepare prepare => state.Find(prepare.Order) is { } known ? Decided<EntryPosted>.Answer(known)
                : state.LockedBy is { } holder ? Decided<EntryPosted>.Answer(new LedgerLocked(holder, state.Find(holder)!.AtUnixMs))
                : WhyNot(state, prepare.Amount, prepare.Fails) is { } why ? Close(state, prepare.Order, EntryState.Aborted, now, why)
                : Post(state, new LedgerEntry(prepare.Order, EntryState.Prepared, prepare.Amount, now), -prepare.Amount),
            Commit commit => state.Find(commit.Order) switch
            {
                { State: EntryState.Prepared } ready => Post(state, ready with { State = EntryState.Committed, AtUnixMs = now, HeldMs = now - ready.AtUnixMs }, 0),
                { State: EntryState.Committed } done => Decided<EntryPosted>.Answer(done),
                var other => Decided<EntryPosted>.Refuse($"order {commit.Order} cannot be committed: it is {Words(other)}"),
            },
            Abort abort => state.Find(abort.Order) switch
            {
                null => Close(state, abort.Order, EntryState.Aborted, now, "it was aborted before it was prepared"),
                { State: EntryState.Prepared } ready => Post(state, ready with { State = EntryState.Aborted, AtUnixMs = now, HeldMs = now - ready.AtUnixMs }, ready.Amount),
                { State: EntryState.Aborted } done => Decided<EntryPosted>.Answer(done),
                var other => Decided<EntryPosted>.Refuse($"order {abort.Order} cannot be aborted: it is {Words(other)}"),
            },
            ReadEntry read => Decided<EntryPosted>.Answer(new EntryFound(state.Find(read.Order), state.LockedBy)),
            ReadLedger => Decided<EntryPosted>.Answer(state),
            _ => Decided<EntryPosted>.Refuse($"a ledger does not know {command.GetType().Name}"),
        };
    }

    public LedgerState Apply(LedgerState state, EntryPosted @event) => new(
        @event.Available,
        state.Entries.SetItem(@event.Entry.Order, @event.Entry),
        @event.Entry.State == EntryState.Prepared ? @event.Entry.Order : state.LockedBy == @event.Entry.Order ? null : state.LockedBy);

    private static Decided<EntryPosted> Decide(LedgerState state, GiveBack back, long now) => state.Find(back.Order) switch
    {
        null when state.Entries.Count >= MaxOrders => Decided<EntryPosted>.Answer(new LedgerEntry(back.Order, EntryState.GivenBack, 0, now)), // A full ledger takes no late step either.
        null => Close(state, back.Order, EntryState.GivenBack, now, "there was nothing to give back yet"),
        { State: EntryState.Taken } taken => Post(state, taken with { State = EntryState.GivenBack, AtUnixMs = now }, taken.Amount),
        { State: EntryState.GivenBack } given when back.Blindly => Post(state, given with { AtUnixMs = now }, given.Amount),
        { State: EntryState.GivenBack or EntryState.Refused } closed => Decided<EntryPosted>.Answer(closed),
        var other => Decided<EntryPosted>.Refuse($"order {back.Order} cannot be given back: it is {Words(other)}"),
    };

    /// <summary>Why a ledger cannot take part in an order that it does not know; null when it can.</summary>
    private static string? WhyNot(LedgerState state, long amount, bool fails) =>
        fails ? "it was told to refuse"
        : amount > state.Available ? FormattableString.Invariant($"{amount} are wanted, {state.Available} are left")
        : state.Entries.Count >= MaxOrders ? FormattableString.Invariant($"this ledger keeps {MaxOrders} orders, the most it may")
        : null;

    /// <summary>The order ends here without an effect. A full ledger does not write that down: it will say the same again.</summary>
    private static Decided<EntryPosted> Close(LedgerState state, string order, EntryState how, long now, string why)
    {
        var entry = new LedgerEntry(order, how, 0, now, why);
        return state.Entries.Count >= MaxOrders ? Decided<EntryPosted>.Answer(entry) : Post(state, entry, 0);
    }

    private static Decided<EntryPosted> Post(LedgerState state, LedgerEntry entry, long change) => Decided<EntryPosted>.Accept(new EntryPosted(entry, state.Available + change)).With(entry);

    private static string Words(LedgerEntry? entry) => entry is null ? "not known" : entry.State.ToString().ToLowerInvariant();
}
