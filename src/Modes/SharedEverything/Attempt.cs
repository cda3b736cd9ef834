namespace Cluster.Modes.SharedEverything;

/// <summary>
/// One attempt at a transaction, seen by the task that carries it out and by the actor that counts the time. They race for one thing: an attempt that has been given up never sends its commit, and one that has
/// sent it can no longer be given up as if nothing had happened.
/// </summary>
internal sealed class Attempt
{
    private const int Open = 0;
    private const int Committing = 1;
    private const int Abandoned = 2;

    private int state;

    /// <summary>Whether its commit has been sent: from here on it may have taken effect, whatever is heard of it.</summary>
    public bool MayHaveCommitted => Volatile.Read(ref state) == Committing;

    /// <summary>By the task, before it sends the commit. False: it has been given up, and must not.</summary>
    public bool TryCommit() => Interlocked.CompareExchange(ref state, Committing, Open) == Open;

    /// <summary>By the actor, whose patience is at an end. True: it has had no effect, and never will.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref state, Abandoned, Open) != Committing;
}
