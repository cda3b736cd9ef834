using Cluster.Modes.DistributedDatabase.Ranges;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>
/// Reads one key without a timestamp, pure: the newest committed value, at an instant between the question and its answer. An intent in the way is asked about at its anchor, and never waited for: if it is still pending
/// there, it was pending when the key was read. That it was aborted, or is not known, counts when its intent is still here after that: a record may have been forgotten after its commit, and others may have ended it since.
/// </summary>
public sealed class KeyReadCore(string key)
{
    private Peeked? seen;

    /// <summary>What is read; null until it is known.</summary>
    public (string? Value, long At)? Answer { get; private set; }

    /// <summary>What to ask first.</summary>
    public CallRange Begin() => new(Keyspace.RangeOf(key), new Peek(key));

    /// <summary>What to ask next; null: there is an answer.</summary>
    public CallRange? Replied(RangeReply reply)
    {
        switch (reply)
        {
            case Peeked { By: null } free:
                Answer = (free.Value, free.At);
                return null;
            case Peeked again when seen?.By?.Transaction == again.By!.Transaction:
                // It had not committed, since a record goes after all of its intents.
                Answer = (seen.Value, seen.At);
                return null;
            case Peeked blocked:
                seen = blocked;
                return new CallRange(blocked.By!.Anchor, new Look(blocked.By.Transaction));
            case Standing { Status: TransactionStatus.Committed } committed:
                Answer = (seen!.IntentValue, committed.At);
                return null;
            case Standing { Status: TransactionStatus.Missing or TransactionStatus.Aborted }:
                return Begin();
            default:
                Answer = (seen!.Value, seen.At);
                return null;
        }
    }
}
