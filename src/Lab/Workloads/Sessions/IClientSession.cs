using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>
/// One client's connection to one node at a time: to its key-value store, and to the modes that it hosts. One operation is under way at a time, and each ends by itself: by its timeout, measured by
/// the session's own <see cref="TimeProvider"/>, at the latest. None throws for what a store or a network may do; each says what may be concluded.
/// </summary>
public interface IClientSession : IAsyncDisposable
{
    /// <summary>The name of the node that the next operation goes to.</summary>
    string Asked { get; }

    /// <summary>Requests sent once more to another node, because the first was being ended in good order and did not answer.</summary>
    long SentAgain { get; }

    /// <summary>The next operation goes to the next node, by a new connection.</summary>
    void MoveOn();

    /// <summary>The next operation goes to this node, by a new connection. On any thread.</summary>
    void Steer(string node);

    /// <summary>False: this node takes no connection; the next call tries the next one. An operation connects by itself where this was not called.</summary>
    Task<bool> TryConnectAsync(CancellationToken cancellation);

    /// <summary>The value, as consistent as asked; Ok with null where there is none. Ok or Fail.</summary>
    Task<StoreAnswer> ReadAsync(string key, ReadConsistency consistency);

    /// <summary>Several keys of one hash slot at one instant, as consistent as asked.</summary>
    Task<StoreValues> ReadManyAsync(IReadOnlyList<string> keys, ReadConsistency consistency);

    /// <summary>Puts the value. Ok without output.</summary>
    Task<StoreAnswer> WriteAsync(string key, string value);

    /// <summary>Takes the key away, if it is there. Ok without output.</summary>
    Task<StoreAnswer> DeleteAsync(string key);

    /// <summary>Adds to the end of the value; an absent one is empty. Ok without output.</summary>
    Task<StoreAnswer> AppendAsync(string key, string end);

    /// <summary>Adds to the number; an absent one is 0. Ok with the new number.</summary>
    Task<StoreAnswer> IncrementAsync(string key, long delta);

    /// <summary>Puts the value if the expected one (null: none) stands there. Ok with "true"; Conflict if another one does.</summary>
    Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value);

    /// <summary>
    /// One optimistic transaction within a hash slot: reads the keys (linearizably), lets <paramref name="decide"/> choose from their values what is to be done, and commits all of it at one
    /// instant if none of the keys has changed since. Ok with the decision's output; Conflict if a key has changed or the decision is a refusal; Fail if it ended before the
    /// commit was asked for; Info if the commit's answer did not come. It does not try again by itself.
    /// </summary>
    /// <param name="keys">At least one. Other keys of the same slot may be written, too, unwatched.</param>
    /// <param name="decide">Pure: it may be called any number of times, also for a transaction that then fails.</param>
    Task<StoreAnswer> TransactAsync(IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide);

    /// <summary>
    /// Asks a mode. Ok with its JSON; Conflict if the mode's state forbids it, or what it is about is not there; Fail if it was not served; Info if no answer came to what may
    /// have changed something.
    /// </summary>
    Task<StoreAnswer> CallAsync(ModeCall call);
}
