using Cluster.Modes.DistributedDatabase.Ranges;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <content>Others' intents in the way.</content>
public sealed partial class TransactionCore
{
    /// <summary>
    /// Asks the anchor of each transaction that is in the way how that stands, and resolves what has ended. A reader pushes one that is pending past its own timestamp and goes on; a writer ends one that is younger, and waits for
    /// one that is older (wound-wait: Rosenkrantz, Stearns and Lewis 1978), so the oldest always gets through and nobody waits in a circle.
    /// </summary>
    /// <param name="past">The timestamp of a reader; 0 of a writer.</param>
    /// <param name="wounds">Whether a younger one is ended.</param>
    /// <param name="again">What was blocked.</param>
    /// <param name="stuck">What to do when it has waited for long; null: to wait on.</param>
    /// <param name="isPatient">Whether it waits for an older one at all.</param>
    private void Clear(int range, Blocked blocked, long past, bool wounds, Action again, Action<string>? stuck, bool isPatient = true)
    {
        Met++;
        var (open, mustWait, alive) = (blocked.By.Length, false, (string?)null);
        foreach (var by in blocked.By)
        {
            var ends = missing.GetValueOrDefault(by.Transaction) >= MostMissing;
            Insist(
                by.Anchor,
                new Push(by.Transaction, by.Start, past, wounds && priority > 0 ? priority : null, ends),
                reply => Pushed(by, (Standing)reply),
                why =>
                {
                    alive ??= why;
                    OneCleared();
                });
        }

        void Pushed(Blocker by, Standing standing)
        {
            switch (standing.Status)
            {
                case TransactionStatus.Committed or TransactionStatus.Aborted:
                    Insist(range, new Resolve(by.Transaction, standing.Status == TransactionStatus.Committed ? standing.At : null), _ => OneCleared(), _ => OneCleared());
                    return;
                case TransactionStatus.Pending when past > 0:
                    passed.Add(by.Transaction);
                    break;
                case TransactionStatus.Pending:
                    alive ??= $"{by.Transaction} has an intent on {by.Key}";
                    break;
                default:
                    missing[by.Transaction] = missing.GetValueOrDefault(by.Transaction) + 1;
                    mustWait = true;
                    break;
            }

            OneCleared();
        }

        void OneCleared()
        {
            if (--open > 0)
            {
                return;
            }

            if (alive is not null && stuck is not null && (!isPatient || ++looks > MostLooks))
            {
                stuck(alive);
            }
            else if (alive is not null || mustWait)
            {
                After(Backoff(Math.Min(looks, 4)), again);
            }
            else
            {
                again();
            }
        }
    }

    private static TimeSpan Backoff(int times) => TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, ShortestWait.Ticks << Math.Min(times, 10)));
}
