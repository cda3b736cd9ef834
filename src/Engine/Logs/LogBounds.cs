namespace Cluster.Engine.Logs;

/// <summary>Bounds of the durable log. What is over one is refused with words that name it; nothing is cut short.</summary>
public static class LogBounds
{
    /// <summary>Longest name of a partition, group, member or producer, in bytes of UTF-8: each stands in events and snapshots.</summary>
    public const int MaxNameBytes = 200;

    /// <summary>Records of one append: what one producer sends in one piece.</summary>
    public const int MaxRecords = 10_000;

    /// <summary>Bytes of one append: one entry of the shard's log, whose replication holds up those behind it.</summary>
    public const int MaxBatchBytes = 1024 * 1024;

    /// <summary>Steps of one transaction: an input and its outputs.</summary>
    public const int MaxSteps = 64;

    /// <summary>Bytes of all appends of one transaction.</summary>
    public const int MaxTransactionBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of one fetch, past its first batch, and of one read of a stream, past its first record: a reply is one frame.</summary>
    public const int MaxFetchBytes = 4 * 1024 * 1024;

    /// <summary>Records of one read of a stream: each is found by itself.</summary>
    public const int MaxStreamRecords = 1_000;

    /// <summary>Partitions in one shard.</summary>
    public const int MaxPartitionsPerShard = 1_000;

    /// <summary>
    /// What a partition may keep, in bytes: every replica holds it in memory, and a snapshot writes all of it. More belongs into more partitions.
    /// </summary>
    public const long MaxRetentionBytes = 64 * 1024 * 1024;

    /// <summary>What a partition keeps where nobody says otherwise.</summary>
    public const long UsualRetentionBytes = 16 * 1024 * 1024;

    /// <summary>Longest retention by age.</summary>
    public const long MaxRetentionMs = 365L * 24 * 60 * 60 * 1000;

    /// <summary>
    /// Producers that a partition remembers; the one that appended longest ago is forgotten first. A retry that comes after that is told so, unless it was the producer's first batch:
    /// Kafka forgets by time instead (transactional.id.expiration.ms).
    /// </summary>
    public const int MaxProducers = 1_000;

    /// <summary>Batches of each producer that are remembered with their offsets: the most that may be under way at a time, as in Kafka (max.in.flight.requests.per.connection).</summary>
    public const int RememberedBatches = 5;

    /// <summary>Groups whose positions a partition keeps, until somebody says that one is to be forgotten.</summary>
    public const int MaxGroups = 200;

    /// <summary>Streams in one partition: each has its version in memory on every replica.</summary>
    public const int MaxStreams = 100_000;

    /// <summary>Batches that one step of a compaction looks at: bounds how long the entry is applied.</summary>
    public const int CleanedBatches = 256;

    /// <summary>A compaction begins when at least half of a partition's bytes are new since the last one, and no fewer than these: Kafka's min.cleanable.dirty.ratio, and not for every handful of records.</summary>
    public const long CleanFromBytes = 64 * 1024;

    /// <summary>
    /// Near its bound a partition is compacted for less: as soon as what newer records have replaced is this part of the bound, one in so many. So a pass rewrites sixteen times what it gains at worst, and a partition is
    /// full only when nearly all of it is what its keys are.
    /// </summary>
    public const long PressedShare = 16;

    /// <summary>
    /// Deletions are taken past the bound, up to one in so many of it: each replaces a record that is no smaller, so before they have filled this a pass has begun, and whoever is full can make room.
    /// </summary>
    public const long ReserveShare = 8;

    /// <summary>The least that a compacted partition may be allowed: below it there would be a pass for every handful of records.</summary>
    public const long MinCompactBytes = 2 * CleanFromBytes;
}
