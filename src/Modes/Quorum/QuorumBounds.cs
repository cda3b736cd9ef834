namespace Cluster.Modes.Quorum;

/// <summary>How much of anything there may be, each with its reason.</summary>
internal static class QuorumBounds
{
    /// <summary>How far a client's token may be ahead of the counters of a key: one that is made up cannot use the counters of a key up, were it sent a billion times.</summary>
    public const long MostAhead = 1L << 32;

    /// <summary>Versions side by side, when one more is written: siblings travel together, within a frame.</summary>
    public const int MostVersions = 8;

    /// <summary>Bytes of a value that is written with a context: as many of them as may stand side by side fit a frame, however they are escaped.</summary>
    public const int VersionBytesMax = 16 * 1024;

    /// <summary>
    /// Bytes of a key's version vector in a context. It grows by one stay with each loss of a disk and each move of the key after which a version is numbered anew, and is empty again when the key's tombstone is
    /// forgotten: room for some forty, in a context that fits a URL.
    /// </summary>
    public const int HistoryBytesMax = 1024;

    /// <summary>Keys that one node keeps for others: more, and it does not stand in for anybody, so that an outage cannot fill it.</summary>
    public const int MostHints = 10_000;

    /// <summary>Bytes of values in one message between replicas: a quarter of a frame, so that escaping and what else is in it have room.</summary>
    public const int BatchBytes = 256 * 1024;

    /// <summary>Keys of which digests go in one message.</summary>
    public const int BatchKeys = 500;

    /// <summary>Writes with a context that are remembered, numbered and refused ones, so that the same again is the same: far more than can be under way at once on one node.</summary>
    public const int MostRecent = 10_000;

    /// <summary>Rounds of a comparison that follow each other without a pause: what is left is for the next tick.</summary>
    public const int MostRounds = 100;

    /// <summary>Tombstones that one node remembers all members to have confirmed once: as many as it can ask about while the first of them waits. Those beyond wait for their turn.</summary>
    public const int MostAgreed = 10_000;

    /// <summary>A tombstone is kept at least for so long after every member has it: longer than any message lives, and any request. A client's patience is seconds, a link that holds a frame longer is taken for dead.</summary>
    public static readonly TimeSpan TombstoneGrace = TimeSpan.FromMinutes(10);

    /// <summary>A ring is taken for settled after it: members that come one after another move a key once.</summary>
    public static readonly TimeSpan RingSettles = TimeSpan.FromSeconds(10);

    /// <summary>Between two rounds of anti-entropy of one node, each with another: what was missed is brought after within as many seconds as there are members, and an idle cluster is not kept busy.</summary>
    public static readonly TimeSpan AntiEntropyInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between two sendings to a replica that has not answered: a few times what an answer takes under load.</summary>
    public static readonly TimeSpan ResendInterval = TimeSpan.FromMilliseconds(250);
}
