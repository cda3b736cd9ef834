using Cluster.Modes.Lock;

namespace Cluster.Modes.Tests.Lock;

/// <summary>A lock as one writes it on a board: fields that change, no events, no bounds. The decider must answer as it does.</summary>
internal sealed class LockTwin
{
    private readonly List<(string Session, double Until)> queue = [];
    private string? holder;
    private long token;
    private int count;
    private double leaseEnd;
    private double delay;
    private double freeAt;

    public (LockOutcome Outcome, long Token, int Count, int Place) Do(double now, LockCommand command)
    {
        if (holder is not null && now >= leaseEnd)
        {
            (holder, freeAt) = (null, leaseEnd + delay);
        }

        queue.RemoveAll(waiter => now >= waiter.Until);
        switch (command)
        {
            case Acquire acquire when holder == acquire.Session:
                (count, leaseEnd) = (count + 1, Math.Max(leaseEnd, now + acquire.Lease.TotalSeconds));
                return (LockOutcome.Held, token, count, 0);
            case Acquire acquire when holder is null && now >= freeAt && (queue.Count == 0 || queue[0].Session == acquire.Session):
                queue.RemoveAll(waiter => waiter.Session == acquire.Session);
                (holder, token, count, leaseEnd, delay) = (acquire.Session, token + 1, 1, now + acquire.Lease.TotalSeconds, acquire.LockDelay.TotalSeconds);
                return (LockOutcome.Held, token, 1, 0);
            case Acquire acquire:
                var at = queue.FindIndex(waiter => waiter.Session == acquire.Session);
                var keep = acquire.Keep.TotalSeconds;
                if (at < 0 && keep == 0)
                {
                    return (LockOutcome.Refused, 0, 0, 0);
                }

                if (at < 0)
                {
                    queue.Add((acquire.Session, now + keep));
                }
                else if (keep > 0 && (queue[at].Until - now) * 2 < keep)
                {
                    queue[at] = (acquire.Session, now + keep);
                }

                return (LockOutcome.Waiting, 0, 0, (at < 0 ? queue.Count - 1 : at) + 1);
            case Renew renew when holder is not null && renew.Token == token:
                leaseEnd = Math.Max(count > 1 ? leaseEnd : 0, now + renew.Lease.TotalSeconds);
                return (LockOutcome.Held, token, count, 0);
            case Release release when holder is not null && release.Token == token:
                (holder, freeAt) = --count == 0 ? (null, 0) : (holder, freeAt);
                return (LockOutcome.Released, token, count, 0);
            case Withdraw withdraw when queue.RemoveAll(waiter => waiter.Session == withdraw.Session) > 0:
                return (LockOutcome.Withdrawn, 0, 0, 0);
            default:
                return (command is NoteTime ? LockOutcome.Noted : LockOutcome.Refused, 0, 0, 0);
        }
    }
}
