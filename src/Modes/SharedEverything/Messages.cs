using Cluster.Modes.Hosting;
using Cluster.Modes.Postgres;

namespace Cluster.Modes.SharedEverything;

/// <summary>What a client wants done to one row.</summary>
/// <param name="Session">With <paramref name="Number"/>, the request's id: the transaction that it names takes effect once.</param>
/// <param name="Expected">Of a compare-and-set: what must stand there; null: nothing may.</param>
/// <param name="Value">What is to stand there; null for a deletion.</param>
internal sealed record RowOrder(string Session, long Number, string Key, RowOperation Operation, string? Expected, string? Value);

/// <summary>What became of an order.</summary>
/// <param name="Version">What was written; null for a deletion, and for a conflict with nothing.</param>
/// <param name="IsConflict">Another value stood there: nothing was written.</param>
/// <param name="Replaced">Whether there was a value before.</param>
/// <param name="WasDone">The transaction had been committed before, and its answer had been lost.</param>
internal sealed record RowAnswer(long? Version, bool IsConflict, bool Replaced, bool WasDone);

/// <summary>To the door, from a task that has ended: what came of one attempt at a request.</summary>
/// <param name="Answer">Null where it failed.</param>
internal sealed record AttemptEnded(long Id, Attempt Attempt, ModeAnswer? Answer, PostgresFailure? Failure);

/// <summary>To the door: an attempt has had its time.</summary>
internal sealed record AttemptOverdue(long Id, Attempt Attempt);

/// <summary>To the door: time to try to connect.</summary>
internal sealed record ConnectDue;

/// <summary>To the door, from a task: the database answers, and its tables are there; or why not.</summary>
internal sealed record ConnectEnded(Attempt Attempt, PostgresFailure? Failure);

/// <summary>To the door: the attempt to connect has had its time.</summary>
internal sealed record ConnectOverdue(Attempt Attempt);

/// <summary>To the door: time to delete ids of requests that nobody will send again.</summary>
internal sealed record PruneDue;

/// <summary>To the door, from a task: ids are deleted, or that failed; it is tried again at the next time.</summary>
internal sealed record PruneEnded(Attempt Attempt, PostgresFailure? Failure);
