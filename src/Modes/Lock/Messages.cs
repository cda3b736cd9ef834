using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Modes.Lock;

// What a lock is asked.
internal abstract record LockCommand;

/// <param name="Attempt">Names this acquisition, so that it counts once though it is asked for again.</param>
/// <param name="Keep">How long a place in the queue is kept after this; zero to take none.</param>
/// <param name="Door">Who is to be told when it is this session's turn.</param>
/// <param name="Ticket">Of the place where it goes on waiting: if that is gone, so is the request. Null for one that is new.</param>
internal sealed record Acquire(string Session, string? Attempt, TimeSpan Lease, TimeSpan LockDelay, TimeSpan Keep, string? Door, long? Ticket = null) : LockCommand;

internal sealed record Renew(long Token, TimeSpan Lease) : LockCommand;

/// <param name="ReturnsToken">Only a broken door says so: the token goes back and is given again.</param>
internal sealed record Release(long Token, string? Attempt, bool ReturnsToken = false) : LockCommand;

/// <summary>Gives up the place in the queue, and an acquisition whose grant its client may never have heard of.</summary>
internal sealed record Withdraw(string Session, string? Attempt = null) : LockCommand;

/// <summary>Writes down what time has done: a lease that is over, a place that is lost.</summary>
internal sealed record NoteTime : LockCommand;

internal sealed record Show : LockCommand, IEntityQuery;

// What happens to it.
internal abstract record LockEvent;

internal sealed record Granted(string Session, long Token, long Ticket, Deadline Lease, TimeSpan LockDelay, string Attempt) : LockEvent;

internal sealed record Entered(string Attempt, Deadline Lease) : LockEvent;

internal sealed record Left(string Attempt) : LockEvent;

/// <summary>An acquisition that nothing came of, or that ended with its lease: if it arrives late, nothing will come of it.</summary>
internal sealed record AttemptClosed(string Session, string Attempt) : LockEvent;

internal sealed record Renewed(Deadline Lease) : LockEvent;

internal sealed record Released(bool ReturnsToken) : LockEvent;

internal sealed record LeaseEnded(Deadline? Delay) : LockEvent;

internal sealed record Delayed(Deadline Delay) : LockEvent;

internal sealed record Queued(string Session, long Ticket, Deadline Place, string? Door) : LockEvent;

internal sealed record PlaceKept(long Ticket, Deadline Place, string? Door) : LockEvent;

internal sealed record PlaceLost(long Ticket) : LockEvent;

// What it answers.
internal enum LockOutcome
{
    Held,
    Waiting,
    Released,
    Withdrawn,
    Noted,
    Refused,
    Unknown,
}

/// <param name="Why">Where it is not held: what stands in the way.</param>
/// <param name="Count">How often the session has acquired it and not yet released it.</param>
/// <param name="Place">Of who waits: 1 for the next.</param>
/// <param name="Left">Of the lease; of who waits: when it may be its turn at the earliest, as things stand.</param>
/// <param name="Next">Whom to tell that the lock is theirs to take; null for nobody.</param>
internal sealed record LockReply(LockOutcome Outcome, string? Why = null, string? Session = null, long Token = 0, long Ticket = 0, int Count = 0, int Place = 0, TimeSpan Left = default, long Revision = 0, string? Next = null);

// From door to door: it is your turn; and within a node: a lock was seen at this revision.
internal sealed record LockFreed(string Name);

internal sealed record LockSeen(string Name, long Revision);

// What the resource behind a lock is asked, what happens to it, and what it answers.
internal abstract record ResourceCommand;

/// <param name="Unfenced">Only a broken door says so: the token is not compared.</param>
internal sealed record Access(long Token, string Value, bool Unfenced = false) : ResourceCommand;

internal sealed record ReadResource : ResourceCommand, IEntityQuery;

internal sealed record Accessed(long Token, string Value);

internal sealed record ResourceState(long NewestToken, long Accesses, string Value);

// What clients are answered, in JSON. Times are in milliseconds, and a lease counts from when its client asked.
internal sealed record LockAnswer(string Name, string Session, bool Granted, long? Token, long Ticket, int? Count, int? Place, long? LeaseMs, string? Why, long Revision);

internal sealed record ReleaseAnswer(string Name, long Token, int Count, long Revision);

internal sealed record WithdrawAnswer(string Name, string Session, long Revision);

internal sealed record WaiterView(string Session, long Ticket, long PlaceMs);

internal sealed record LockView(string Name, string State, string? Session, long? Token, int? Count, long? LeaseMs, long? DelayMs, IReadOnlyList<WaiterView> Queue, long LastToken, long Revision)
{
    /// <summary>Whether time has done something that is not written down yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDue { get; init; }
}

internal sealed record AccessAnswer(string Name, long Token, long Access, string Value);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LockState))]
[JsonSerializable(typeof(Acquire))]
[JsonSerializable(typeof(Renew))]
[JsonSerializable(typeof(Release))]
[JsonSerializable(typeof(Withdraw))]
[JsonSerializable(typeof(NoteTime))]
[JsonSerializable(typeof(Show))]
[JsonSerializable(typeof(Granted))]
[JsonSerializable(typeof(Entered))]
[JsonSerializable(typeof(Left))]
[JsonSerializable(typeof(AttemptClosed))]
[JsonSerializable(typeof(Renewed))]
[JsonSerializable(typeof(Released))]
[JsonSerializable(typeof(LeaseEnded))]
[JsonSerializable(typeof(Delayed))]
[JsonSerializable(typeof(Queued))]
[JsonSerializable(typeof(PlaceKept))]
[JsonSerializable(typeof(PlaceLost))]
[JsonSerializable(typeof(LockReply))]
[JsonSerializable(typeof(LockFreed))]
[JsonSerializable(typeof(Access))]
[JsonSerializable(typeof(ReadResource))]
[JsonSerializable(typeof(Accessed))]
[JsonSerializable(typeof(ResourceState))]
[JsonSerializable(typeof(LockAnswer))]
[JsonSerializable(typeof(ReleaseAnswer))]
[JsonSerializable(typeof(WithdrawAnswer))]
[JsonSerializable(typeof(LockView))]
[JsonSerializable(typeof(AccessAnswer))]
internal sealed partial class LockJson : JsonSerializerContext;
