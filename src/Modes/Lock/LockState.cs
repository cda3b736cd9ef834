using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Cluster.Modes.Lock;

/// <summary>One lock: who holds it, who waits for it, and the numbers of which none is given twice. It is kept for good, since its last token must be remembered for good.</summary>
/// <param name="LastToken">The newest fencing token; 0 before the first.</param>
/// <param name="LastTicket">The newest place in the queue, taken or passed through; 0 before the first.</param>
/// <param name="Revision">Counts the changes of who holds it, and how often.</param>
/// <param name="Delay">After a lease that ended without a release: nobody gets the lock before.</param>
/// <param name="Queue">By ticket, the next first.</param>
internal sealed record LockState(long LastToken, long LastTicket, long Revision, Hold? Hold, Deadline? Delay, ImmutableArray<Waiter> Queue)
{
    public static readonly LockState Empty = new(0, 0, 0, null, null, []);

    /// <summary>Whether anybody has ever asked for it: whoever does, gets a ticket.</summary>
    [JsonIgnore]
    public bool IsKnown => LastTicket > 0;

    /// <summary>Named acquisitions that were released or withdrawn, or ended with their lease, the newest last: one that arrives once more is late.</summary>
    public ImmutableArray<ClosedAttempt> Closed { get; init; } = [];

    /// <summary>Whether a session has given this acquisition back, or up, or has lost it with its lease. Two sessions may use one name.</summary>
    public bool IsClosed(string session, string attempt) => Closed.Any(closed => closed.Session == session && closed.Attempt == attempt);

    /// <summary>Whether what was held by this token was given back under this name.</summary>
    public bool IsReleased(long token, string attempt) => Closed.Any(closed => closed.Token == token && closed.Attempt == attempt);

    /// <summary>Remembers that an acquisition has ended, and forgets the oldest over the bound.</summary>
    /// <param name="token">What it was granted and has given back; 0: nothing, or its lease is over.</param>
    public LockState Close(string session, string attempt, long token) =>
        attempt.Length == 0 || IsClosed(session, attempt) ? this : this with { Closed = (Closed.Length < LockCore.MaxClosed ? Closed : Closed.RemoveAt(0)).Add(new ClosedAttempt(session, attempt, token)) };

    /// <summary>Remembers that an acquisition of the holder has ended.</summary>
    public LockState Close(string attempt) => Hold is null ? this : Close(Hold.Session, attempt, Hold.Token);
}

/// <summary>An acquisition that has ended.</summary>
/// <param name="Token">What it was granted and has given back; 0: nothing, or its lease is over.</param>
internal sealed record ClosedAttempt(string Session, string Attempt, long Token);

/// <summary>Who holds a lock.</summary>
/// <param name="LockDelay">Chosen by the holder, as in Chubby: how long nobody gets the lock if this lease ends without a release.</param>
/// <param name="Attempts">The acquisitions that have not been given back, by the names that the session gave them; one without a name is "".</param>
internal sealed record Hold(string Session, long Token, long Ticket, Deadline Lease, TimeSpan LockDelay, ImmutableArray<string> Attempts);

/// <summary>Who waits for a lock.</summary>
/// <param name="Place">When the place is lost, unless the session asks again before.</param>
/// <param name="Door">The path of the actor that is to be told when it is this one's turn; null for nobody.</param>
internal sealed record Waiter(string Session, long Ticket, Deadline Place, string? Door);
