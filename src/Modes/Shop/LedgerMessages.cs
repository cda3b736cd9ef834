using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.Shop;

/// <summary>What a ledger is asked.</summary>
public abstract record LedgerCommand;

/// <summary>Commands of any of the ledger's orders, in one write: what comes while one is under way goes together. Answered by <see cref="LedgerWritten"/>.</summary>
public sealed record WriteLedger(ImmutableArray<OrderCommand> Commands) : LedgerCommand;

/// <summary>Its orders from one page's end on. Answered by <see cref="LedgerPage"/>.</summary>
/// <param name="After">The last order of the page before; null for the first page.</param>
public sealed record ReadLedger(string? After = null) : LedgerCommand, IEntityQuery;

/// <summary>What became of one order. Answered by <see cref="EntryFound"/>.</summary>
public sealed record ReadEntry(string Order) : LedgerCommand, IEntityQuery;

/// <summary>
/// What a ledger is asked about one order. It may come any number of times, in any order: the effect is one, and the answer the same. Answered by the <see cref="LedgerEntry"/>, or as the command says.
/// </summary>
/// <param name="Content">The order's <see cref="Shop.Order.Content"/>: another order under the same id is refused, and is neither given back nor aborted in this one's place.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Take), "take")]
[JsonDerivedType(typeof(GiveBack), "give-back")]
[JsonDerivedType(typeof(Settle), "settle")]
[JsonDerivedType(typeof(Prepare), "prepare")]
[JsonDerivedType(typeof(Commit), "commit")]
[JsonDerivedType(typeof(Abort), "abort")]
public abstract record OrderCommand(string Order, long Content) : LedgerCommand;

/// <summary>A saga's step: takes the amount at once. Taken, refused, or what became of the order before: given back where the compensation came first, settled where it was completed long ago.</summary>
/// <param name="DeadlineUnixMs">After it, by the ledger's clock, an order that it does not know yet is refused.</param>
/// <param name="Fails">Whether it is to be refused on purpose.</param>
public sealed record Take(string Order, long Amount, long DeadlineUnixMs, bool Fails, long Content = 0) : OrderCommand(Order, Content);

/// <summary>A step's compensation. Given back; refused where nothing was ever taken; settled where the order is past its end, and stays as it is.</summary>
/// <param name="Blindly">Gives back without looking whether it has done so already: only a node with that flaw asks for it.</param>
/// <param name="IdIsAnothers">It ends because a ledger knows its id as another order's: whoever places it again hears the same here, where nothing else would say so.</param>
public sealed record GiveBack(string Order, bool Blindly = false, long Content = 0, bool IdIsAnothers = false) : OrderCommand(Order, Content);

/// <summary>Past the pivot: what was taken is taken for good.</summary>
public sealed record Settle(string Order, long Content = 0) : OrderCommand(Order, Content);

/// <summary>
/// Two-phase commit's first phase: the vote. Prepared (yes), aborted (no), committed (yes, long ago), or <see cref="LedgerLocked"/>, where another order holds the lock: no vote yet.
/// </summary>
public sealed record Prepare(string Order, long Amount, bool Fails, long Content = 0) : OrderCommand(Order, Content);

/// <summary>The second phase after a decision to commit. Refused where it was not prepared.</summary>
public sealed record Commit(string Order, long Content = 0) : OrderCommand(Order, Content);

/// <summary>The second phase after a decision to abort. Refused where it was committed.</summary>
public sealed record Abort(string Order, long Content = 0) : OrderCommand(Order, Content);

/// <summary>For each command of a write, what came of it.</summary>
/// <param name="Ledger">Which one it is.</param>
public sealed record LedgerWritten(string Ledger, ImmutableArray<LedgerAnswer> Answers);

/// <summary>One of three.</summary>
/// <param name="Refused">Why the command was not obeyed: nothing has changed.</param>
public sealed record LedgerAnswer(LedgerEntry? Entry = null, LedgerLocked? Locked = null, string? Refused = null);

/// <summary>An order in a ledger.</summary>
/// <param name="AtUnixMs">Since when it stands so.</param>
/// <param name="Why">Of a refusal or a vote against it, or of what was given back to another order with its id.</param>
/// <param name="HeldMs">How long it had been prepared, when it was decided.</param>
/// <param name="Content">Which order it is, of those that may ever have had its id.</param>
public sealed record LedgerEntry(string Order, EntryState State, long Amount, long AtUnixMs, string? Why = null, long HeldMs = 0, long Content = 0);

/// <summary>Another order holds the ledger's lock; nothing has changed.</summary>
public sealed record LedgerLocked(string By);

/// <param name="Entry">Null: the ledger does not know that order.</param>
public sealed record EntryFound(LedgerEntry? Entry);

/// <summary>Some of a ledger's orders.</summary>
/// <param name="Posted">Of the whole ledger, so that pages of different states are told apart.</param>
/// <param name="HasMore">Whether there are orders after these.</param>
public sealed record LedgerPage(long Available, string? LockedBy, long Posted, ImmutableArray<LedgerEntry> Entries, bool HasMore);

/// <summary>An order's entry stands so now, and the ledger has so much left.</summary>
public sealed record EntryPosted(LedgerEntry Entry, long Available);

/// <summary>A ledger: what is left, what became of each order, and who holds its lock.</summary>
/// <param name="Posted">Changes so far.</param>
public sealed record LedgerState(long Available, ImmutableSortedDictionary<string, LedgerEntry> Entries, string? LockedBy, long Posted = 0)
{
    public LedgerEntry? Find(string order) => Entries.GetValueOrDefault(order);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(WriteLedger))]
[JsonSerializable(typeof(ReadLedger))]
[JsonSerializable(typeof(ReadEntry))]
[JsonSerializable(typeof(LedgerWritten))]
[JsonSerializable(typeof(EntryFound))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(EntryPosted))]
[JsonSerializable(typeof(LedgerState))]
internal sealed partial class LedgerJson : JsonSerializerContext;
