namespace Cluster.Engine.Remoting;

/// <summary>Why a link is down.</summary>
public enum LinkDownCause
{
    /// <summary>The connection broke or the peer closed it.</summary>
    Lost,

    /// <summary>The peer's machine answered that nobody listens there: the process is dead or not started yet.</summary>
    NobodyListens,

    /// <summary>No answer in time, or no route.</summary>
    Unreachable,

    /// <summary>The handshake was refused.</summary>
    Refused,

    /// <summary>A newer connection of the same peer took its place; a <see cref="LinkUp"/> follows.</summary>
    Replaced,

    /// <summary>One side broke the protocol.</summary>
    ProtocolError,

    /// <summary>This node closed it.</summary>
    Closed,
}
