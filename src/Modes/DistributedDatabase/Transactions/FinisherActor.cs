using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>
/// Ends a transaction that its coordinator has left: aborts it if it is pending and has expired, resolves the intents as its record says, and has the record forgotten when none is left. Any number of them may do so at once. What is not
/// answered is left for the next look.
/// </summary>
/// <param name="ranges">Those that may have intents of it.</param>
/// <param name="key">Where its intent was seen; null: its record was seen, which names all of its ranges, so that it can be forgotten after them.</param>
/// <remarks>What was seen may be old: it was a look at a replica. Only of a transaction whose intent is there still, after its record was found missing, a missing record says that it has not committed.</remarks>
internal sealed class FinisherActor(IShardRegion region, string transaction, long start, int anchor, ImmutableArray<int> ranges, string? key) : Actor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private int left;

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Patience);
        Ask(anchor, new Push(transaction, start, 0, null, EndsMissing: false));
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Standing { Status: TransactionStatus.Committed or TransactionStatus.Aborted } standing:
                left = ranges.Length;
                foreach (var range in ranges)
                {
                    Ask(range, new Resolve(transaction, standing.Status == TransactionStatus.Committed ? standing.At : null));
                }

                Forget();
                break;
            case Standing { Status: TransactionStatus.Missing } when key is not null:
                Ask(ranges[0], new Peek(key));
                break;
            case Peeked { By: { } by } when by.Transaction == transaction:
                Ask(anchor, new Push(transaction, start, 0, null, EndsMissing: true));
                break;
            case Noted when left > 0:
                left--;
                Forget();
                break;
            default:
                Context.Stop(Self); // It is alive, or somebody does not answer, or it is done.
                break;
        }
    }

    private void Forget()
    {
        if (left > 0)
        {
            return;
        }

        if (key is null)
        {
            Ask(anchor, new Forget(transaction, ByOwner: false));
        }

        Context.Stop(Self);
    }

    private void Ask(int range, RangeCommand command) => region.Tell(new ToEntity(Keyspace.IdOf(range), command), Self);
}
