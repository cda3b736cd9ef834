using Cluster.Shared.Ids;

namespace Cluster.Engine.Remoting;

/// <summary>One link at one moment, for people and metrics. Counts are since the link was first wanted.</summary>
/// <param name="Peer">Who answers or last answered there; null when nobody ever did.</param>
/// <param name="PendingBytes">Bytes waiting to be written; at most the lane's bound.</param>
/// <param name="Connects">How often the link came up; all but the first are reconnects.</param>
/// <param name="Dropped">Frames not sent, by reason; only reasons that occurred.</param>
/// <param name="LastError">The last reason why the link went down or did not come up; null if there was none.</param>
public sealed record LinkStatus(
    NodeAddress Address,
    Lane Lane,
    bool Up,
    PeerIdentity? Peer,
    long PendingBytes,
    long FramesSent,
    long BytesSent,
    long FramesReceived,
    long BytesReceived,
    long Connects,
    IReadOnlyDictionary<DropReason, long> Dropped,
    string? LastError);
