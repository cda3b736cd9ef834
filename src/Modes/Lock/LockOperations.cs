using Cluster.Modes.Hosting;

namespace Cluster.Modes.Lock;

/// <summary>What a lock, and the resource that it guards, can be asked.</summary>
internal static class LockOperations
{
    /// <summary>How long a place in the queue outlives its waiter's last sign of life, where nobody says otherwise: some requests' time, and a failover.</summary>
    public static readonly TimeSpan UsualKeep = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait of one request: below a door's patience, so that whoever waits is told. Its place is kept, so it goes on where it was by asking again.</summary>
    private static readonly TimeSpan LongestWait = ModeHost.Patience - TimeSpan.FromSeconds(1);

    private const int MaxNameBytes = 128;

    /// <summary>Tokens stay exact in JSON's numbers (2^53).</summary>
    private const long MaxToken = 9_007_199_254_740_992;

    private static readonly ModeArgument Name = ModeArgument.Text("name", "The lock", MaxNameBytes);
    private static readonly ModeArgument Session = ModeArgument.Text("session", "Who asks: acquiring again by the same name gives the same token, and one more to release", MaxNameBytes);
    private static readonly ModeArgument Attempt = ModeArgument.Text("attempt", "Names one acquisition, so that it counts once though it is sent again", MaxNameBytes).Optional();
    private static readonly ModeArgument Token = ModeArgument.Number("token", "The fencing token that acquire gave", 1, MaxToken);
    private static readonly ModeArgument Lease = ModeArgument.Duration("lease", "How long it is held without a sign of its holder", LockCore.ShortestLease, LockCore.LongestLease).Or("10s");
    private static readonly ModeArgument Wait = ModeArgument.Duration("wait", "How long to wait in this request", TimeSpan.Zero, LongestWait);

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        new("acquire", "Takes the lock, and answers its fencing token; or a place in the queue, with granted=false, where the lock is not free within the wait. Ask again to go on waiting there.")
        {
            Arguments =
            [
                Name, Session, Lease, Wait.Or("0s"),
                ModeArgument.Duration("keep", "How long the place in the queue is kept without a sign; 10s where the request waits, else there is none", TimeSpan.Zero, LockCore.LongestKeep).Optional(),
                ModeArgument.Duration("lock-delay", "How long nobody gets the lock if this lease ends without a release", TimeSpan.Zero, LockCore.LongestLockDelay).Or("1s"),
                Attempt,
            ],
        },
        new("renew", "Starts the lease anew, for whoever holds the lock with this token.") { Arguments = [Name, Token, Lease] },
        new("release", "Gives one acquisition back; with the last one the lock is free, and the next in the queue is told.") { Arguments = [Name, Token, Attempt] },
        new("withdraw", "Gives up a session's place in the queue; with an attempt also what came of it, if it was granted on the way, and whatever comes of it late.") { Arguments = [Name, Session, Attempt] },
        new("show", "Who holds the lock, who waits for it, and the newest token.") { Arguments = [Name], IsRead = true },
        new("watch", "As show, but waits until the holder has changed since a revision.")
        {
            Arguments = [Name, ModeArgument.Number("revision", "The newest that is known", 0, MaxToken).Or("0"), Wait.Or("3s")],
            IsRead = true,
        },
        new("access", "Writes what the lock guards, with a token; refused where it has been used with a newer one.")
        {
            Arguments = [Name, Token, ModeArgument.Text("value", "What to write", ResourceCore.MaxValueBytes).Optional()],
        },
        new("read", "What the lock guards: its value, the number of accesses, and the newest token it has seen.") { Arguments = [Name], IsRead = true },
    ];
}
