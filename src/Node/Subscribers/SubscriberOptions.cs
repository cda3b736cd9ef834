namespace Cluster.Node.Subscribers;

/// <summary>
/// How far a client that subscribes may be behind, over RESP or server-sent events. Past it the client is cut off, since it would hear old news only and holds the
/// memory of all; the limits of one client are Redis's own (<c>client-output-buffer-limit pubsub</c>).
/// </summary>
public sealed record SubscriberOptions
{
    /// <summary>Bytes of messages that wait for one client, past which it is cut off at once.</summary>
    public long HardBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Bytes that may wait for <see cref="SoftTime"/>, not longer.</summary>
    public long SoftBytes { get; init; } = 8L * 1024 * 1024;

    /// <inheritdoc cref="SoftBytes"/>
    public TimeSpan SoftTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that wait for all clients of a node together, past which the one that is furthest behind is cut off: hundreds of slow clients must not take the node.</summary>
    public long TotalBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Streams of server-sent events at once: a page or a script has one, and each is a connection of those that HTTP has.</summary>
    public int MaxStreams { get; init; } = 1_000;

    /// <summary>Subscriptions of one client: more than any has use for, and a tenth of what a node keeps.</summary>
    public int MaxSubscriptions { get; init; } = 10_000;

    /// <summary>Patterns of one client: a tenth of what a node keeps, so that one client's are not all that a node may have.</summary>
    public int MaxPatterns { get; init; } = 100;

    /// <summary>Patterns of one client together, in bytes: each is tried on each message of the node. A quarter of what a node keeps.</summary>
    public int MaxPatternBytes { get; init; } = 16 * 1024;
}
