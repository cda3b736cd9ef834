namespace Cluster.Engine.Remoting;

/// <summary>Bounds and times of a transport. Every default says why it is what it is; <see cref="Validate"/> refuses what cannot work.</summary>
public sealed record RemotingOptions
{
    /// <summary>The wire protocol this build speaks. Peers of another version are refused.</summary>
    public const uint ProtocolVersion = 1;

    /// <summary>Longest payload of a frame, in bytes: twice the largest value of the store, so that one log entry always fits.</summary>
    public int MaxFrameBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Longest payload before the handshake is done, in bytes: a stranger may not make us buffer more.</summary>
    public int MaxHandshakeBytes { get; init; } = 64 * 1024;

    /// <summary>Most bytes waiting on an interactive link: about a second of a saturated gigabit link, past which frames are stale anyway.</summary>
    public int InteractivePendingBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most bytes waiting on a bulk link: snapshots have a window of their own, so a few chunks are enough.</summary>
    public int BulkPendingBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long a TCP connect may take: a lost first packet is sent again after one second.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a handshake may take once TCP stands: a paused process must not hold a dial for ever.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>First wait before dialling again.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait before dialling again: bounds how long a healed link stays unused.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a link that this node closes may go on writing what is pending.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most peers remembered and linked: far above any lab cluster, and a bound on what strangers with the right cluster name can fill.</summary>
    public int MaxPeers { get; init; } = 1024;

    /// <summary>Most incoming connections whose handshake is not done.</summary>
    public int MaxPendingHandshakes { get; init; } = 128;

    /// <summary>Most bytes waiting on one lane.</summary>
    public int PendingBytes(Lane lane) => lane == Lane.Bulk ? BulkPendingBytes : InteractivePendingBytes;

    /// <summary>
    /// Most bytes waiting on one lane past which frames of publish-subscribe are dropped: its messages may fill a quarter of the bulk lane, by default eight of the longest. The rest is left to
    /// snapshots, whose pieces so wait behind no more than that. Its gossip, on the other lane, is bounded as all else.
    /// </summary>
    public int MessageBytes(Lane lane) => lane == Lane.Bulk ? BulkPendingBytes / 4 : InteractivePendingBytes;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RemotingOptions Validate()
    {
        Check(MaxFrameBytes is >= 1024 and <= 1 << 30, nameof(MaxFrameBytes), "from 1 KiB to 1 GiB");
        Check(MaxHandshakeBytes >= 1024 && MaxHandshakeBytes <= MaxFrameBytes, nameof(MaxHandshakeBytes), "from 1 KiB to MaxFrameBytes");
        Check(InteractivePendingBytes >= MaxFrameBytes, nameof(InteractivePendingBytes), "MaxFrameBytes or more, else a legal frame could never be sent");
        Check(BulkPendingBytes >= MaxFrameBytes, nameof(BulkPendingBytes), "MaxFrameBytes or more, else a legal frame could never be sent");
        Check(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), "positive");
        Check(HandshakeTimeout > TimeSpan.Zero, nameof(HandshakeTimeout), "positive");
        Check(BackOffMin > TimeSpan.Zero && BackOffMin <= BackOffMax, nameof(BackOffMin), "positive and at most BackOffMax");
        Check(CloseTimeout > TimeSpan.Zero, nameof(CloseTimeout), "positive");
        Check(MaxPeers > 0, nameof(MaxPeers), "positive");
        Check(MaxPendingHandshakes > 0, nameof(MaxPendingHandshakes), "positive");
        return this;
    }

    private static void Check(bool holds, string option, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"remoting option {option} must be {range}", option);
        }
    }
}
