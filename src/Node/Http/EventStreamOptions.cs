namespace Cluster.Node.Http;

/// <summary>Bounds of the event stream. Each keeps one client from taking what all share.</summary>
public sealed record EventStreamOptions
{
    /// <summary>Streams at once: dashboards and consoles are few; a crowd of them would be a mistake.</summary>
    public int MaxStreams { get; init; } = 64;

    /// <summary>A comment line after so long without an event: proxies and clients see that the stream is alive, and the node that a client is gone.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A client that takes nothing for so long is cut off: what waits for it is bounded, and its place is wanted.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes written before a flush, so that a long replay does not stand in memory as a whole.</summary>
    public int FlushBytes { get; init; } = 32 * 1024;
}
