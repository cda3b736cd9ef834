using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.Shop;

/// <summary>What a ledger is asked. Every command names its order and may come any number of times, in any order: the effect is one, and the answer the same.</summary>
public abstract record LedgerCommand;

/// <summary>A saga's step: takes the amount at once. Answered by the <see cref="LedgerEntry"/>: taken, refused, or given back where the compensation came first.</summary>
/// <param name="DeadlineUnixMs">After it, by the ledger's clock, an order that it does not know yet is refused.</param>
/// <param name="Fails">Whether it is to be refused on purpose.</param>
public sealed record Take(string Order, long Amount, long DeadlineUnixMs, bool Fails) : LedgerCommand;

/// <summary>A step's compensation. Answered by the <see cref="LedgerEntry"/>: given back, or refused where nothing was ever taken.</summary>
/// <param name="Blindly">Gives back without looking whether it has done so already: only a node with that flaw asks for it.</param>
public sealed record GiveBack(string Order, bool Blindly = false) : LedgerCommand;

/// <summary>Past the pivot: what was taken is taken for good.</summary>
public sealed record Settle(string Order) : LedgerCommand;

/// <summary>
/// Two-phase commit's first phase: the vote. Answered by the <see cref="LedgerEntry"/>, prepared (yes) or aborted (no), or by <see cref="LedgerLocked"/>, where another order holds the lock:
/// no vote yet.
/// </summary>
public sealed record Prepare(string Order, long Amount, bool Fails) : LedgerCommand;

/// <summary>The second phase after a decision to commit. Refused where it was not prepared.</summary>
public sealed record Commit(string Order) : LedgerCommand;

/// <summary>The second phase after a decision to abort. Refused where it was committed.</summary>
public sealed record Abort(string Order) : LedgerCommand;

/// <summary>Everything in it. Answered by the <see cref="LedgerState"/>.</summary>
public sealed record ReadLedger : LedgerCommand, IEntityQuery;

/// <summary>What became of one order. Answered by <see cref="EntryFound"/>.</summary>
public sealed record ReadEntry(string Order) : LedgerCommand, IEntityQuery;

/// <summary>An order in a ledger.</summary>
/// <param name="AtUnixMs">Since when it stands so.</param>
/// <param name="Why">Of a refusal or a vote against it.</param>
/// <param name="HeldMs">How long it had been prepared, when it was decided.</param>
public sealed record LedgerEntry(string Order, EntryState State, long Amount, long AtUnixMs, string? Why = null, long HeldMs = 0);

/// <summary>Another order holds the ledger's lock; nothing has changed.</summary>
public sealed record LedgerLocked(string By, long SinceUnixMs);

/// <param name="Entry">Null: the ledger does not know that order.</param>
/// <param name="LockedBy">The order that holds the ledger's lock; null when nobody does.</param>
public sealed record EntryFound(LedgerEntry? Entry, string? LockedBy);

/// <summary>An order's entry stands so now, and the ledger has so much left.</summary>
public sealed record EntryPosted(LedgerEntry Entry, long Available);

/// <summary>A ledger: what is left, what became of each order, and who holds its lock.</summary>
public sealed record LedgerState(long Available, ImmutableSortedDictionary<string, LedgerEntry> Entries, string? LockedBy)
{
    public LedgerEntry? Find(string order) => Entries.GetValueOrDefault(order);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Take))]
[JsonSerializable(typeof(GiveBack))]
[JsonSerializable(typeof(Settle))]
[JsonSerializable(typeof(Prepare))]
[JsonSerializable(typeof(Commit))]
[JsonSerializable(typeof(Abort))]
[JsonSerializable(typeof(ReadLedger))]
[JsonSerializable(typeof(ReadEntry))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(LedgerLocked))]
[JsonSerializable(typeof(EntryFound))]
[JsonSerializable(typeof(EntryPosted))]
[JsonSerializable(typeof(LedgerState))]
internal sealed partial class LedgerJson : JsonSerializerContext;
