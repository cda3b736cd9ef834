namespace Cluster.Modes.Lock;

/// <content>What each event does to the state, and how a state is shown.</content>
internal sealed partial class LockCore
{
    internal static LockState Next(LockState state, LockEvent happens) => happens switch
    {
        Granted granted => state with
        {
            LastToken = granted.Token,
            LastTicket = Math.Max(state.LastTicket, granted.Ticket),
            Revision = state.Revision + 1,
            Hold = new Hold(granted.Session, granted.Token, granted.Ticket, granted.Lease, granted.LockDelay, [granted.Attempt]),
            Delay = null,
            Queue = state.Queue.RemoveAll(waiter => waiter.Session == granted.Session),
        },
        Entered entered => Holding(state, hold => hold with { Attempts = hold.Attempts.Add(entered.Attempt), Lease = entered.Lease }) with { Revision = state.Revision + 1 },
        Left left => Holding(state, hold => hold with { Attempts = hold.Attempts.RemoveAt(hold.Attempts.LastIndexOf(left.Attempt)) }).Close(left.Attempt) with { Revision = state.Revision + 1 },
        AttemptClosed closed => state.Close(closed.Session, closed.Attempt, token: 0),
        Renewed renewed => Holding(state, hold => hold with { Lease = renewed.Lease }),
        Released released => state.Close(state.Hold?.Attempts[^1] ?? "") with { Hold = null, Revision = state.Revision + 1, LastToken = released.ReturnsToken ? state.LastToken - 1 : state.LastToken },
        LeaseEnded ended => state with { Hold = null, Delay = ended.Delay, Revision = state.Revision + 1 },
        Delayed delayed => state with { Delay = delayed.Delay },
        Queued queued => state with { LastTicket = queued.Ticket, Queue = state.Queue.Add(new Waiter(queued.Session, queued.Ticket, queued.Place, queued.Door)) },
        PlaceKept kept => state with { Queue = [.. state.Queue.Select(waiter => waiter.Ticket == kept.Ticket ? waiter with { Place = kept.Place, Door = kept.Door } : waiter)] },
        PlaceLost lost => state with { Queue = state.Queue.RemoveAll(waiter => waiter.Ticket == lost.Ticket) },
        _ => throw new ArgumentException($"nothing is known of {happens.GetType().Name}", nameof(happens)),
    };

    private static LockState Holding(LockState state, Func<Hold, Hold> change) =>
        state with { Hold = change(state.Hold ?? throw new InvalidOperationException("this event happens to who holds the lock, and nobody does")) };

    /// <param name="revision">Of what is written down: what time has done since has none yet.</param>
    private static LockView View(string name, LockTurn turn, long revision)
    {
        var (hold, delay) = (turn.State.Hold, turn.State.Hold is null ? turn.Until : null);
        return new LockView(
            name,
            hold is not null ? "held" : delay is not null ? "delayed" : turn.State.Queue.IsEmpty ? "free" : "reserved",
            hold?.Session,
            hold?.Token,
            hold?.Attempts.Length,
            Milliseconds(hold?.Lease.Left(turn.Now)),
            Milliseconds(delay?.Left(turn.Now)),
            [.. turn.State.Queue.Select(waiter => new WaiterView(waiter.Session, waiter.Ticket, (long)waiter.Place.Left(turn.Now).TotalMilliseconds))],
            turn.State.LastToken,
            revision)
        {
            IsDue = !turn.Events.IsEmpty,
        };
    }

    private static long? Milliseconds(TimeSpan? span) => span is { } time ? (long)time.TotalMilliseconds : null;
}
