using Cluster.Engine.Port;

namespace Cluster.Modes.Lock;

/// <summary>
/// A lock with leases, fencing tokens and a queue, pure: at most one session holds it at any point of its log, each grant has a token above all before it, and whoever asked first among
/// those that still wait is granted first. A lease is judged by the clock of the leader that decides, so it bounds how long a dead holder is in the way, and nothing else: it is
/// the token, compared by the resource, that keeps a late holder out (Burrows 2006, 2.4; Kleppmann 2016).
/// </summary>
internal sealed partial class LockCore : IDecider<LockState, LockCommand, LockEvent>
{
    /// <summary>Sessions that wait for one lock: each is a few hundred bytes in a state that is written with every event.</summary>
    public const int MaxWaiters = 256;

    /// <summary>Acquisitions of one session that it has not given back: deeper nesting is a leak.</summary>
    public const int MaxCount = 64;

    /// <summary>Acquisitions that one lock remembers to have ended. What is late is late by seconds, in which a lock changes hands some ten times; each is a name in the state.</summary>
    public const int MaxClosed = 64;

    /// <summary>A shorter lease is over before its holder has heard of it.</summary>
    public static readonly TimeSpan ShortestLease = TimeSpan.FromMilliseconds(50);

    /// <summary>A longer one is no lease: a holder that dies is in the way for as long.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromHours(1);

    /// <summary>Chubby's and Consul's bound: a faulty client is not to hold a lock up for longer.</summary>
    public static readonly TimeSpan LongestLockDelay = TimeSpan.FromMinutes(1);

    /// <summary>A dead waiter that is next in the queue is in the way for as long.</summary>
    public static readonly TimeSpan LongestKeep = TimeSpan.FromMinutes(1);

    public static readonly EntityType<LockState, LockCommand, LockEvent> Type =
        new EntityType<LockState, LockCommand, LockEvent>("lock", new LockCore(), 1, LockJson.Default.LockState)
            .Message("acquire", 1, LockJson.Default.Acquire)
            .Message("renew", 1, LockJson.Default.Renew)
            .Message("release", 1, LockJson.Default.Release)
            .Message("withdraw", 1, LockJson.Default.Withdraw)
            .Message("note-time", 1, LockJson.Default.NoteTime)
            .Message("show", 1, LockJson.Default.Show)
            .Message("granted", 1, LockJson.Default.Granted)
            .Message("entered", 1, LockJson.Default.Entered)
            .Message("left", 1, LockJson.Default.Left)
            .Message("attempt-closed", 1, LockJson.Default.AttemptClosed)
            .Message("renewed", 1, LockJson.Default.Renewed)
            .Message("released", 1, LockJson.Default.Released)
            .Message("lease-ended", 1, LockJson.Default.LeaseEnded)
            .Message("delayed", 1, LockJson.Default.Delayed)
            .Message("queued", 1, LockJson.Default.Queued)
            .Message("place-kept", 1, LockJson.Default.PlaceKept)
            .Message("place-lost", 1, LockJson.Default.PlaceLost)
            .Message("reply", 1, LockJson.Default.LockReply)
            .Message("view", 1, LockJson.Default.LockView);

    public LockState Empty => LockState.Empty;

    public Decided<LockEvent> Decide(LockState state, LockCommand command, EntityContext context)
    {
        var turn = new LockTurn(state, context.Now);
        if (command is Show)
        {
            return Decided<LockEvent>.Answer(!state.IsKnown ? new LockReply(LockOutcome.Unknown) : View(context.EntityId, turn, state.Revision));
        }

        var reply = command switch
        {
            Acquire acquire => Acquire(turn, acquire),
            Withdraw { Attempt: not null } withdraw => Withdraw(turn, withdraw), // The acquisition may still be on its way to a lock that nobody has asked for.
            _ when !state.IsKnown => new LockReply(LockOutcome.Unknown),
            Renew renew => Renew(turn, renew),
            Release release => Release(turn, release),
            Withdraw withdraw => Withdraw(turn, withdraw),
            NoteTime => new LockReply(LockOutcome.Noted),
            _ => throw new ArgumentException($"a lock has no {command.GetType().Name}", nameof(command)),
        };
        return Decided<LockEvent>.Accept(turn.Events).With(reply with { Revision = turn.State.Revision, Next = NextDoor(turn, command) });
    }

    public LockState Apply(LockState state, LockEvent @event) => Next(state, @event);

    private static LockReply Acquire(LockTurn turn, Acquire acquire)
    {
        if (WhyNot(acquire) is { } bad)
        {
            return Refused(bad);
        }

        if (acquire.Attempt is { } late && turn.State.IsClosed(acquire.Session, late))
        {
            return Refused($"{acquire.Session} has released or withdrawn the acquisition {late} already, or its lease is over: a new acquisition needs a new name");
        }

        if (turn.State.Hold is { } own && own.Session == acquire.Session)
        {
            return Enter(turn, acquire, own);
        }

        if (acquire.Ticket is { } ticket && !turn.State.Queue.Any(waiter => waiter.Session == acquire.Session && waiter.Ticket == ticket))
        {
            return Refused($"the place of {acquire.Session} with ticket {ticket} is gone: it was withdrawn, or nothing was heard of its waiter for too long; ask again for a new one");
        }

        if (turn.State.Hold is { } hold)
        {
            return Wait(turn, acquire, $"{hold.Session} holds it with token {hold.Token}, for another {Seconds(hold.Lease.Left(turn.Now))} unless it renews");
        }

        if (turn.Until is { } delay)
        {
            return Wait(turn, acquire, $"the lease of token {turn.State.LastToken} ended without a release: nobody gets the lock for another {Seconds(delay.Left(turn.Now))} (lock delay)");
        }

        var first = turn.State.Queue.FirstOrDefault();
        if (first is not null && first.Session != acquire.Session)
        {
            return Wait(turn, acquire, $"{first.Session} is next, of {turn.State.Queue.Length} that wait");
        }

        turn.Happen(new Granted(
            acquire.Session, turn.State.LastToken + 1, first?.Ticket ?? turn.State.LastTicket + 1, Deadline.After(turn.Now, acquire.Lease), acquire.LockDelay, acquire.Attempt ?? ""));
        return Held(turn);
    }

    /// <summary>The holder acquires once more: the same token, and one more to give back, unless it is the same acquisition that is asked for again.</summary>
    private static LockReply Enter(LockTurn turn, Acquire acquire, Hold hold)
    {
        var lease = Deadline.After(turn.Now, acquire.Lease) is var asked && asked.At > hold.Lease.At ? asked : hold.Lease;
        if (acquire.Attempt is { } attempt && hold.Attempts.Contains(attempt))
        {
            turn.Happen(new Renewed(lease));
        }
        else if (hold.Attempts.Length == MaxCount)
        {
            return Refused($"{hold.Session} has acquired it {MaxCount} times without a release, the most it may");
        }
        else
        {
            turn.Happen(new Entered(acquire.Attempt ?? "", lease));
        }

        return Held(turn);
    }

    private static LockReply Wait(LockTurn turn, Acquire acquire, string why)
    {
        var at = PlaceOf(turn, acquire.Session);
        if (at < 0 && acquire.Keep == TimeSpan.Zero)
        {
            return Refused(why);
        }

        if (at < 0 && turn.State.Queue.Length == MaxWaiters)
        {
            return Refused($"{MaxWaiters} sessions wait for it already, the most that may: {why}");
        }

        if (at < 0)
        {
            at = turn.State.Queue.Length;
            turn.Happen(new Queued(acquire.Session, turn.State.LastTicket + 1, Deadline.After(turn.Now, acquire.Keep), acquire.Door));
        }
        else if (acquire.Keep > TimeSpan.Zero && turn.State.Queue[at] is var waiter && (waiter.Door != acquire.Door || waiter.Place.Left(turn.Now) * 2 < acquire.Keep))
        {
            // Not at each sign of life: a place that has most of its time left needs no entry in the log.
            turn.Happen(new PlaceKept(waiter.Ticket, Deadline.After(turn.Now, acquire.Keep), acquire.Door));
        }

        return new LockReply(LockOutcome.Waiting, why, acquire.Session, Ticket: turn.State.Queue[at].Ticket, Place: at + 1, Left: turn.EarliestTurn(at));
    }

    private static LockReply Renew(LockTurn turn, Renew renew)
    {
        if (WhyNotLease(renew.Lease) is { } bad)
        {
            return Refused(bad);
        }

        if (turn.State.Hold is not { } hold || hold.Token != renew.Token)
        {
            return NotHeld(turn, renew.Token);
        }

        // Of a session that holds it more than once the longest lease counts: whoever is inside knows nothing of what the one outside has been promised.
        var asked = Deadline.After(turn.Now, renew.Lease);
        turn.Happen(new Renewed(hold.Attempts.Length > 1 && hold.Lease.At > asked.At ? hold.Lease : asked));
        return Held(turn);
    }

    private static LockReply Release(LockTurn turn, Release release)
    {
        if (release.Attempt is { } again && turn.State.IsReleased(release.Token, again))
        {
            return new LockReply(LockOutcome.Released, Token: release.Token, Count: turn.State.Hold is { } other && other.Token == release.Token ? other.Attempts.Length : 0);
        }

        if (turn.State.Hold is not { } hold || hold.Token != release.Token)
        {
            return NotHeld(turn, release.Token);
        }

        // Without a name: the newest that has none, or simply the newest.
        var given = release.Attempt ?? (hold.Attempts.Contains("") ? "" : hold.Attempts[^1]);
        if (hold.Attempts.Contains(given))
        {
            turn.Happen(hold.Attempts.Length > 1 ? new Left(given) : new Released(release.ReturnsToken));
        }

        return new LockReply(LockOutcome.Released, Token: release.Token, Count: turn.State.Hold?.Attempts.Length ?? 0);
    }

    private static LockReply Withdraw(LockTurn turn, Withdraw withdraw)
    {
        var at = PlaceOf(turn, withdraw.Session);
        if (at < 0 && withdraw.Attempt is null)
        {
            return Refused($"{withdraw.Session} has no place in the queue: it has withdrawn, was granted the lock, or was silent for too long");
        }

        if (at >= 0)
        {
            turn.Happen(new PlaceLost(turn.State.Queue[at].Ticket));
        }

        if (withdraw.Attempt is { } attempt && !turn.State.IsClosed(withdraw.Session, attempt))
        {
            // Granted, and its client does not know: nobody else would give it back before its lease is over.
            turn.Happen(turn.State.Hold is not { } hold || hold.Session != withdraw.Session || !hold.Attempts.Contains(attempt) ? new AttemptClosed(withdraw.Session, attempt)
                : hold.Attempts.Length > 1 ? new Left(attempt)
                : new Released(ReturnsToken: false));
        }

        return new LockReply(LockOutcome.Withdrawn, Session: withdraw.Session);
    }

    /// <summary>Whom to wake: only ever the first in the queue, so that a release wakes one waiter and no herd (ZooKeeper's recipe).</summary>
    private static string? NextDoor(LockTurn turn, LockCommand command) =>
        turn.Until is null && turn.State.Queue is [var first, ..] && !(command is Acquire acquire && acquire.Session == first.Session) ? first.Door : null;

    private static LockReply Held(LockTurn turn)
    {
        var hold = turn.State.Hold!;
        return new LockReply(LockOutcome.Held, Session: hold.Session, Token: hold.Token, Ticket: hold.Ticket, Count: hold.Attempts.Length, Left: hold.Lease.Left(turn.Now));
    }

    private static LockReply NotHeld(LockTurn turn, long token) => Refused(
        token > turn.State.LastToken ? $"token {token} was never given: the newest is {turn.State.LastToken}"
        : token < turn.State.LastToken ? $"token {token} has passed on: the newest is {turn.State.LastToken}"
        : $"token {token} holds it no more: its lease is over, or it was released");

    private static LockReply Refused(string why) => new(LockOutcome.Refused, why);

    private static int PlaceOf(LockTurn turn, string session)
    {
        for (var at = 0; at < turn.State.Queue.Length; at++)
        {
            if (turn.State.Queue[at].Session == session)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The doors have checked it; a log must not depend on that.</summary>
    private static string? WhyNot(Acquire acquire) => WhyNotLease(acquire.Lease)
        ?? (acquire.LockDelay < TimeSpan.Zero || acquire.LockDelay > LongestLockDelay ? $"a lock delay is from 0 to {Seconds(LongestLockDelay)}, not {Seconds(acquire.LockDelay)}" : null)
        ?? (acquire.Keep < TimeSpan.Zero || acquire.Keep > LongestKeep ? $"a place in the queue is kept for 0 to {Seconds(LongestKeep)}, not {Seconds(acquire.Keep)}" : null);

    private static string? WhyNotLease(TimeSpan lease) =>
        lease < ShortestLease || lease > LongestLease ? $"a lease is from {Seconds(ShortestLease)} to {Seconds(LongestLease)}, not {Seconds(lease)}" : null;

    private static string Seconds(TimeSpan span) => FormattableString.Invariant($"{span.TotalSeconds:0.###} s");
}
