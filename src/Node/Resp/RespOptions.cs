using Cluster.Shared.KeyValue;

namespace Cluster.Node.Resp;

/// <summary>Bounds of the RESP front door. Each keeps one client from taking what all share.</summary>
public sealed record RespOptions
{
    private const int MaxWatchedKeysDefault = 1_000;

    /// <summary>Longest bulk string: the longest value, and some, so that a value just over the limit gets the store's clear error and the connection lives.</summary>
    public int MaxBulkBytes { get; init; } = KvLimits.MaxValueBytes + (64 * 1024);

    /// <summary>Longest array: 1024 * 1024, Redis's own limit before version 7. Redis 7 takes 2,147,483,647, but a million arguments are what one command's bookkeeping may take here.</summary>
    public int MaxArrayLength { get; init; } = 1_048_576;

    /// <summary>Longest inline command: Redis's own limit.</summary>
    public int MaxInlineBytes { get; init; } = 64 * 1024;

    /// <summary>Longest whole command: eight of the longest values (MSET), since it stays in memory until its last byte is there.</summary>
    public int MaxCommandBytes { get; init; } = 8 * KvLimits.MaxValueBytes;

    /// <summary>Longest array before AUTH: Redis's own limit; who has no password gets no memory.</summary>
    public int MaxUnauthenticatedArrayLength { get; init; } = 10;

    /// <summary>Longest bulk string before AUTH: Redis's own limit.</summary>
    public int MaxUnauthenticatedBulkBytes { get; init; } = 16 * 1024;

    /// <summary>Wrong passwords on one connection, after which it is closed: who does not know it by then is guessing.</summary>
    public int MaxWrongPasswords { get; init; } = 5;

    /// <summary>Commands of one connection under way at once; more stay unread in the socket. A power of two. Covers usual pipelines whole.</summary>
    public int MaxOutstandingCommands { get; init; } = 256;

    /// <summary>Bytes of one connection's commands under way, with the replies they are expected to bring; one command always fits.</summary>
    public long MaxOutstandingBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Operations that one transaction may queue, a many-key command counting each key; with the watched keys they make one batch of the store.</summary>
    public int MaxTransactionOperations { get; init; } = KvLimits.MaxBatchOperations - MaxWatchedKeysDefault;

    /// <summary>Keys that one connection may watch: more than any transaction has use for.</summary>
    public int MaxWatchedKeys { get; init; } = MaxWatchedKeysDefault;

    /// <summary>Store commands that one many-key command (MGET, MSET, DEL ...) has under way at once.</summary>
    public int MaxFanOut { get; init; } = 256;

    /// <summary>Replies are handed to the socket at the end of a batch, or when this many bytes wait.</summary>
    public int FlushBytes { get; init; } = 64 * 1024;

    /// <summary>Pushes of one connection that wait for it to read; more are dropped, which their numbers show.</summary>
    public int MaxPendingPushes { get; init; } = 1024;

    /// <summary>Connections at once: Redis's own default.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Values, or keys, that one command on many of them answers with, in bytes: its answer is in memory whole before its first byte is sent. Eight of the longest values, as <see cref="MaxCommandBytes"/>.</summary>
    public long MaxReplyBytes { get; init; } = 8L * KvLimits.MaxValueBytes;

    /// <summary>Most keys that KEYS answers with; beyond this the reply is an error that names SCAN.</summary>
    public int MaxKeysReply { get; init; } = 1_000_000;
}
