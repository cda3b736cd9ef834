using System.Collections.Immutable;

namespace Cluster.Modes.Lock;

/// <summary>One decision on a lock: what time has done to it, then what the command does, each on the state that the events before it leave.</summary>
internal sealed class LockTurn
{
    private readonly ImmutableArray<LockEvent>.Builder events = ImmutableArray.CreateBuilder<LockEvent>();

    public LockTurn(LockState state, DateTimeOffset now)
    {
        (State, Now) = (state, now);
        PassTime();
    }

    public LockState State { get; private set; }

    public DateTimeOffset Now { get; }

    public ImmutableArray<LockEvent> Events => events.ToImmutable();

    /// <summary>What still keeps everybody from the lock: a lease, or a lock delay; null when the first in the queue may have it.</summary>
    public Deadline? Until => State.Hold?.Lease ?? (State.Delay is { } delay && !delay.IsOver(Now) ? delay : null);

    public void Happen(LockEvent happens)
    {
        events.Add(happens);
        State = LockCore.Next(State, happens);
    }

    /// <summary>
    /// When the waiter at this place may have its turn at the earliest, as things stand: the lease and the delay after it must be over, and whoever is before it must have lost the place.
    /// </summary>
    public TimeSpan EarliestTurn(int at)
    {
        var free = State.Hold is { } hold ? hold.Lease.Left(Now) + hold.LockDelay : Until?.Left(Now) ?? TimeSpan.Zero;
        return State.Queue.Take(at).Select(before => before.Place.Left(Now)).Append(free).Max();
    }

    private void PassTime()
    {
        if (State.Hold is { } hold)
        {
            if (hold.Lease.IsOver(Now))
            {
                // What was acquired under the lease has ended with it: one that arrives once more is late, as after a release, and is not to be granted anew.
                foreach (var attempt in hold.Attempts.Where(attempt => attempt.Length > 0))
                {
                    Happen(new AttemptClosed(hold.Session, attempt));
                }

                // The delay is for messages of this holder that are still under way: it begins when the lease ended, not when somebody noticed.
                Happen(new LeaseEnded(hold.LockDelay > TimeSpan.Zero ? Deadline.After(hold.Lease.At, hold.LockDelay) : null));
            }
            else if (hold.Lease.IsTooFar(Now))
            {
                Happen(new Renewed(Deadline.After(Now, hold.Lease.Length)));
            }
        }
        else if (State.Delay is { } delay && delay.IsTooFar(Now))
        {
            Happen(new Delayed(Deadline.After(Now, delay.Length)));
        }

        foreach (var waiter in State.Queue)
        {
            if (waiter.Place.IsOver(Now))
            {
                Happen(new PlaceLost(waiter.Ticket));
            }
            else if (waiter.Place.IsTooFar(Now))
            {
                Happen(new PlaceKept(waiter.Ticket, Deadline.After(Now, waiter.Place.Length), waiter.Door));
            }
        }
    }
}
